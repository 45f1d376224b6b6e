"""Whose job it is, on the real rows: the tests say the sentence, the regency and the office."""

from datetime import date

import pytest

from backend.cases.case import Level, ReportClass
from backend.cases.jurisdiction import Inquiry, decide
from backend.cases.objection import believed
from backend.cases.place import Place
from backend.cases.routing import Matter, find_rule
from backend.reference.loader import load
from backend.usecases.assign_draft import Matter as Told
from backend.usecases.assign_draft import assign_draft

REFERENCE = load()
ON = date(2026, 11, 23)


def inquiry(issue: str, text: str = "", area: str | None = "64.08", **more) -> Inquiry:
    return Inquiry(
        REFERENCE.issue(issue), area, more.pop("home", "64.08"), more.pop("attributes", {}), text, **more
    )


ROUTES = [
    ("jalan_rusak", "jalan kabupaten berlubang", "64.08", "kabupaten", "dpupr-64.08"),
    ("jalan_rusak", "jl provinsi hancur dekat jembatan", "62.10", "provinsi", "dpupr_prov-62"),
    ("jalan_rusak", "trans kalimantan putus", "62.02", "pusat", "bpjn-62"),
    ("jalan_rusak", "gang melati becek", "64.08", "desa", "pemdes-64.08"),
    ("jalan_rusak", "jalan hauling debu", "64.08", "kabupaten", "dlh-64.08"),
    ("lampu_jalan", "lampu gelap depan pasar", "64.08", "kabupaten", "dishub-64.08"),
    ("lampu_jalan", "lampu di jalan nasional mati", "64.08", "pusat", "bptd-64"),
    ("sekolah_dasar_menengah", "atap SDN bocor", "62.02", "kabupaten", "disdik-62.02"),
    ("sekolah_dasar_menengah", "pungutan di sman", "62.02", "provinsi", "disdik_prov-62"),
    ("sekolah_menengah_atas", "guru smpn jarang masuk", "64.08", "kabupaten", "disdik-64.08"),
    ("sekolah_dasar_menengah", "madrasah kekurangan guru", "64.08", "pusat", "kemenag-64.08"),
    ("rumah_sakit", "antre lama di kudungga", "64.08", "kabupaten", "rsud-64.08"),
    ("rumah_sakit", "rsud aws menolak", "64.08", "provinsi", "rsud_prov-64"),
    ("listrik", "padam terus", "62.10", "pusat", "pln-62.10"),
    ("galian_c", "truk pasir", "62.10", "provinsi", "esdm_prov-62"),
    ("tambang_batubara", "lubang tambang", "64.08", "pusat", "esdm_pusat-id"),
    ("upah_thr_phk", "thr belum dibayar", "64.08", "provinsi", "disnaker_prov-64"),
    ("upah_thr_phk", "dipecat tanpa pesangon", "64.08", "kabupaten", "disnaker-64.08"),
    ("hewan_liar", "ada buaya di parit", "62.02", "pusat", "bksda-62"),
    ("bansos", "pkh belum cair", "62.02", "pusat", "kemensos-id"),
    ("lainnya", "entahlah", "64.08", "kabupaten", "diskominfo-64.08"),
]


@pytest.mark.parametrize(
    ("issue", "text", "area", "level", "agency"), ROUTES, ids=[f"{row[2]}: {row[1]}" for row in ROUTES]
)
def test_routes(issue: str, text: str, area: str, level: str, agency: str) -> None:
    decided = decide(inquiry(issue, text, area), REFERENCE.policy, ON).assignment
    assert (decided.level.value, decided.agency) == (level, agency)
    assert REFERENCE.agency_name(agency, ON) in decided.reason


@pytest.mark.parametrize("area", [None, *REFERENCE.regencies, "32.01", "64.71"])
@pytest.mark.parametrize("issue", REFERENCE.issues)
def test_nothing_is_ever_unrouted(issue: str, area: str | None) -> None:
    for oversight in (False, True):
        decided = decide(inquiry(issue, area=area, oversight=oversight), REFERENCE.policy, ON).assignment
        assert REFERENCE.policy.agency(decided.agency, ON) is not None
        assert decided.reason
        assert decided.rule


@pytest.mark.parametrize("area", REFERENCE.regencies)
@pytest.mark.parametrize("issue", REFERENCE.issues)
def test_an_office_never_judges_itself(issue: str, area: str) -> None:
    policy = REFERENCE.policy
    ordinary = find_rule(policy.rules, Matter(issue, area), ON, policy.catch_all)
    decided = decide(inquiry(issue, area=area, oversight=True), policy, ON).assignment
    accused = policy.agency_for(ordinary.role, area, ON)
    assert decided.oversight_lane
    assert accused is not None
    if not REFERENCE.issue(issue).is_oversight:
        assert decided.agency != accused.code


ACCUSED = [
    ("disdukcapil", "inspektorat-64.08", "a regency's office goes to its Inspektorat"),
    ("inspektorat", "inspektorat_prov-64", "the Inspektorat goes to the province's"),
    ("dpupr_prov", "inspektorat_prov-64", "a provincial office goes to the province's Inspektorat"),
    ("inspektorat_prov", "kemendagri-id", "the province's Inspektorat goes to the ministry"),
    ("polri", "ombudsman-64", "a national office goes to the Ombudsman"),
    ("ombudsman", "kpk-id", "the Ombudsman goes elsewhere"),
    ("pemdes", "inspektorat-64.08", "a village goes to the Inspektorat"),
]


@pytest.mark.parametrize(("accused", "agency"), [row[:2] for row in ACCUSED], ids=[row[2] for row in ACCUSED])
def test_who_is_accused_decides_the_lane(accused: str, agency: str) -> None:
    told = inquiry("korupsi_pungli", attributes={"accused": accused}, oversight=True)
    assert decide(told, REFERENCE.policy, ON).assignment.agency == agency


@pytest.mark.parametrize("area", REFERENCE.regencies)
def test_nobody_named_in_an_accusation_ever_gets_it(area: str) -> None:
    """Every word of `accused.csv`, without any flag set, in issues where the accused office would be the one to act."""
    for accused in REFERENCE.policy.signs.accused:
        for word in accused.words:
            for issue in ("lainnya", "ktp_kk_akta", "layanan_kelurahan", "polisi_sim_stnk", "korupsi_pungli"):
                place = Place(regency_code=area)
                matter = Told(issue, ReportClass.COMPLAINT, False, place, {}, f"oknum {word} minta uang")
                assigned = assign_draft(matter, REFERENCE, area, ON)
                assert assigned.oversight
                assert assigned.assignment.oversight_lane
                assert not assigned.assignment.agency.startswith(f"{accused.role}-"), (word, issue)


ONE_UP = [
    (
        "layanan_kelurahan",
        "kantor camat tutup jam 11",
        "sekda-64.08",
        "a kecamatan goes to the regency's secretary",
    ),
    ("layanan_kelurahan", "lurah tidak di tempat", "kecamatan-64.08", "a kelurahan goes to its kecamatan"),
    (
        "jalan_rusak",
        "jalan desa rusak, kades diam saja",
        "kecamatan-64.08",
        "a village head goes one step up",
    ),
    ("layanan_lapor", "admin diskominfo menutup laporan saya", "sekda-64.08", "the desk itself"),
    ("ktp_kk_akta", "antre lama di disdukcapil", "disdukcapil-64.08", "a dinas answers for its service"),
]


@pytest.mark.parametrize(
    ("issue", "text", "agency"), [row[:3] for row in ONE_UP], ids=[row[3] for row in ONE_UP]
)
def test_an_ordinary_complaint_about_a_small_office_goes_one_step_up(
    issue: str, text: str, agency: str
) -> None:
    assert decide(inquiry(issue, text), REFERENCE.policy, ON).assignment.agency == agency


ROADS = [
    ("poros sangatta-bengalon km 20", "64.08", "bpjn-64", "two ends with a dash"),
    ("dari sengata ke perdau", "64.08", "bpjn-64", "other spellings, in between a word"),
    ("gang 3 jalan yos sudarso", "64.08", "bpjn-64", "a named road is believed before plain words"),
    ("jalan ahmad yani", "62.02", "dpupr-62.02", "a name that every town has counts in its own town"),
    ("jl hm arsyad", "64.08", "dpupr-64.08", "a road of another regency says nothing here"),
]


@pytest.mark.parametrize(
    ("text", "area", "agency"), [row[:3] for row in ROADS], ids=[row[3] for row in ROADS]
)
def test_roads_are_known_by_rows(text: str, area: str, agency: str) -> None:
    assert decide(inquiry("jalan_rusak", text, area), REFERENCE.policy, ON).assignment.agency == agency


def test_a_road_that_no_row_knows_is_asked_about_and_nobody_is_sure_meanwhile() -> None:
    decided = decide(inquiry("jalan_rusak", "jalan poros ke hulu putus"), REFERENCE.policy, ON)
    assert decided.question is not None
    assert decided.assignment.confidence == 0.5


def test_a_place_that_is_not_served_is_taken_and_marked_for_forwarding() -> None:
    decided = decide(inquiry("sampah", area="32.01"), REFERENCE.policy, ON).assignment
    assert (decided.agency, decided.forward_to, decided.level) == ("diskominfo-64.08", "32.01", Level.REGENCY)


def test_oversight_elsewhere_never_lies_on_the_open_desk() -> None:
    decided = decide(inquiry("ktp_kk_akta", area="32.01", oversight=True), REFERENCE.policy, ON).assignment
    assert (decided.agency, decided.forward_to, decided.oversight_lane) == (
        "inspektorat-64.08",
        "32.01",
        True,
    )


ASKED = [
    ("jalan_rusak", "jalan berlubang", "road_status", "the road's status is unknown"),
    ("jalan_rusak", "jalan kabupaten berlubang", None, "the text says it"),
    ("lampu_jalan", "lampu depan pasar mati", None, "no hint of another road"),
    ("lampu_jalan", "lampu di jalan poros mati", "road_status", "a trunk road may be anybody's"),
    ("rumah_sakit", "antre lama", "hospital_owner", "no hospital is named"),
    ("ktp_kk_akta", "ktp belum jadi", None, "one office only"),
]


@pytest.mark.parametrize(("issue", "text", "asks"), [row[:3] for row in ASKED], ids=[row[3] for row in ASKED])
def test_a_question_is_asked_only_when_its_answer_matters(issue: str, text: str, asks: str | None) -> None:
    question = decide(inquiry(issue, text), REFERENCE.policy, ON).question
    assert (question.attribute if question else None) == asks


def test_an_answer_is_never_asked_for_again_even_when_it_is_unknown() -> None:
    told = inquiry("jalan_rusak", attributes={"road_status": "unknown"})
    decided = decide(told, REFERENCE.policy, ON)
    assert decided.question is None
    assert decided.assignment.agency == "dpupr-64.08"


def test_an_attribute_in_the_persons_words_is_read_as_its_option() -> None:
    told = inquiry("sekolah_dasar_menengah", attributes={"school_level": "SMK"})
    decided = decide(told, REFERENCE.policy, ON)
    assert decided.attributes["school_level"] == "sma_smk_slb"
    assert decided.assignment.agency == "disdik_prov-64"


def test_an_oversight_matter_is_never_delayed_by_a_question() -> None:
    assert decide(inquiry("jalan_rusak", oversight=True), REFERENCE.policy, ON).question is None


OBJECTIONS = [
    ("jalan_rusak", "", "bukan, itu jalan provinsi", "dpupr_prov-64", "the other answer of the question"),
    (
        "jalan_rusak",
        "",
        "bukan jalan kabupaten, tapi provinsi",
        "dpupr_prov-64",
        "what is denied is not said",
    ),
    ("jalan_rusak", "poros sangatta bengalon", "salah, itu jalan kabupaten", "dpupr-64.08", "above the rows"),
    ("jalan_rusak", "", "ini urusan pusat min", "bpjn-64", "the level alone"),
    (
        "karhutla_hutan",
        "hutan dibuka orang",
        "itu urusan kementerian pusat",
        "kemenhut-id",
        "no question needed",
    ),
    (
        "upah_thr_phk",
        "gaji kurang",
        "bukan provinsi, itu urusan kabupaten",
        "disnaker-64.08",
        "a level denied",
    ),
]


@pytest.mark.parametrize(
    ("issue", "text", "objection", "agency"),
    [row[:4] for row in OBJECTIONS],
    ids=[row[4] for row in OBJECTIONS],
)
def test_who_objects_is_believed_and_an_officer_confirms(
    issue: str, text: str, objection: str, agency: str
) -> None:
    told = inquiry(issue, text)
    before = decide(told, REFERENCE.policy, ON)
    decided = believed(before, objection, told, REFERENCE.policy, ON)
    assert decided.assignment.agency == agency
    assert decided.assignment.confidence == 0.5
    assert decided.assignment.rule.startswith("objection:")
    assert decided.question is None
    assert REFERENCE.agency_name(agency, ON) in decided.assignment.reason


def test_an_objection_that_names_nobody_leaves_the_office_and_is_marked() -> None:
    told = inquiry("ktp_kk_akta")
    before = decide(told, REFERENCE.policy, ON)
    decided = believed(before, "bukan, salah itu", told, REFERENCE.policy, ON)
    assert decided.assignment.agency == before.assignment.agency
    assert decided.assignment.rule == f"objection:{before.assignment.rule}"
    assert decided.assignment.confidence < 0.5


def test_an_objection_to_the_same_office_changes_nothing() -> None:
    told = inquiry("jalan_rusak", "jalan kabupaten")
    before = decide(told, REFERENCE.policy, ON)
    assert believed(before, "ya itu jalan kabupaten", told, REFERENCE.policy, ON) == before


def test_an_objection_never_moves_oversight_back_to_the_accused() -> None:
    told = inquiry("ktp_kk_akta", oversight=True)
    before = decide(told, REFERENCE.policy, ON)
    assert believed(before, "itu urusan kabupaten", told, REFERENCE.policy, ON) == before


def test_contradicting_words_leave_the_question_open() -> None:
    told = inquiry("jalan_rusak", "pertemuan jalan provinsi dan jalan nasional")
    assert decide(told, REFERENCE.policy, ON).question is not None
