"""How a simulated citizen behaves: the behaviours that are combined with the facts. Data in the shape of code."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Manner:
    """`opening`: what the first message holds: `short`, `told`, `what_where`, `all`, `greeting`, `wish`, `photo`, `pin`, `gone`.
    `voice`: how words are spelled. `answering`: how a question with choices is answered: `tap`, `number`, `label`, `words`.
    `interrupts`: what is said instead of the first answers, one each. `before_sending`: what happens at the read-back, in
    order. `afterwards`: what is said once the code is there. `files` is False for who wants no report at all."""

    name: str
    opening: str = "told"
    voice: str = "plain"
    answering: str = "words"
    interrupts: tuple[str, ...] = ()
    before_sending: tuple[str, ...] = ()
    afterwards: tuple[str, ...] = ()
    where: str = "full"
    identity: str | None = None
    proof: int = 0
    second: str = ""
    bursts: bool = False
    language: str = ""
    greeting: str = ""
    closer: str = ""
    knows_place: bool = True
    repeats_itself: bool = False
    support: bool = False
    leaves_once: bool = False
    files: bool = True


PLAIN = Manner("plain")


def _like(name: str, **values: object) -> Manner:
    return replace(PLAIN, name=name, **values)  # type: ignore[arg-type]


MANNERS: tuple[Manner, ...] = (
    _like("terse", opening="short", where="area"),
    _like(
        "chatty",
        opening="all",
        greeting="selamat siang bapak ibu admin, perkenalkan saya warga biasa, sebelumnya maaf mengganggu waktunya, jadi begini ceritanya, ",
        closer=". kami sudah capek menunggu, mohon kiranya segera ditindaklanjuti, atas perhatiannya saya ucapkan banyak terima kasih",
    ),
    _like("all at once", opening="all"),
    _like("one fact a message", opening="wish", where="spot_first"),
    _like("typos", opening="what_where", voice="typos"),
    _like("shouting", opening="what_where", voice="caps"),
    _like("dictated", opening="all", voice="dictated"),
    _like(
        "official letter",
        opening="all",
        greeting="Kepada Yth. Bapak/Ibu Pimpinan, dengan hormat, bersama ini kami sampaikan bahwa ",
        closer=". Demikian disampaikan, atas perhatian dan kerja samanya diucapkan terima kasih.",
    ),
    _like("cancels, then not", before_sending=("cancel",)),
    _like("gone and back", opening="short", leaves_once=True, interrupts=("gak jadi deh",)),
    _like("corrects place", where="wrong", before_sending=("fix_place",)),
    _like("changes place by menu", where="wrong", answering="tap", before_sending=("menu_place",)),
    _like("corrects the matter", opening="wrong", before_sending=("fix_what",)),
    _like("adds a detail", before_sending=("detail",)),
    _like("asks how long", opening="short", interrupts=("berapa lama biasanya ditangani min?",)),
    _like(
        "asks who reads it",
        interrupts=("yang baca laporan ini siapa aja ya?",),
        before_sending=("say ini bayar gak?",),
    ),
    _like("angry", opening="told", voice="angry", interrupts=("kalian ini kerja gak sih!! makan gaji buta",)),
    _like("joking", opening="greeting", interrupts=("wkwkwk admin jomblo ya?",)),
    _like("anonymous", identity="anonymous", greeting="tolong jangan sebut nama saya ya, "),
    _like(
        "afraid",
        opening="wish",
        identity="anonymous",
        interrupts=("saya takut ketahuan, aman gak ini?",),
        where="area",
    ),
    _like("confidential at the end", identity="confidential"),
    _like("banjar", opening="told", language="bjn"),
    _like("javanese", opening="told", language="jv"),
    _like("sundanese", opening="told", language="su"),
    _like("english", opening="told", language="en"),
    _like("mixed dialect", opening="told", voice="mixed"),
    _like("pin", opening="told", where="pin"),
    _like("pin first", opening="pin", where="pin"),
    _like("photo first", opening="photo", proof=1),
    _like("photo at the end", proof=2, before_sending=("photo", "photo")),
    _like("numbers", opening="told", answering="number"),
    _like("labels", opening="told", answering="label"),
    _like("taps", opening="wish", answering="tap"),
    _like("ignores the question", opening="told", repeats_itself=True),
    _like("quick messages", opening="all", bursts=True),
    _like("greets first", opening="greeting", greeting=""),
    _like("takes it for a person", opening="greeting", interrupts=("ini mbak siapa ya? orang dinas kah?",)),
    _like("two matters", second="selain itu lampu jalan di sini juga mati semua"),
    _like("asks the status", opening="what_where", afterwards=("cek status",)),
    _like("thanks and leaves", opening="what_where", afterwards=("makasih banyak ya",)),
    _like("does not know the place", knows_place=False),
    _like("silent for a day", opening="told", interrupts=("SILENCE",)),
    _like("supports another", opening="what_where", support=True, answering="tap"),
    _like("goes back", where="wrong", before_sending=("say kembali",)),
    _like("clears up late", opening="short", interrupts=("bentar", "hmm")),
    _like("only asks", opening="question", files=False),
    _like("only jokes", opening="joke", files=False),
)
