"""Words around places: what begins a place phrase, what joins its parts, and what ends it."""

from __future__ import annotations

MOST_NAME_WORDS = 4

LANDMARKS = frozenset(
    "depan belakang samping dekat sebelah seberang sekitar sekitaran sepanjang antara ujung pinggir pojok tepi arah menuju "
    "muka bawah atas samping-samping ngarep ngajeng mburi cedhak cerak cedak hadapan higa parak subarang balakang payuneun "
    "hareupeun gigireun tukangeun deukeut caket sisi kawasan area wilayah daerah lingkungan sebrang selatan-nya perbatasan "
    "patokan patokannya lokasi lokasinya alamat alamatnya posisi".split()
)
STREETS = frozenset(
    "jalan gang gg lorong lr poros simpang simpang3 simpang4 pertigaan perempatan bundaran tikungan jembatan sungai sei "
    "handil kali komplek perumahan perum perumnas btn griya dalan jalur trans lintas margi tanjakan turunan prapatan tol "
    "flyover underpass kreteg jambatan titian dermaga muara anjir danau pulau teluk tugu".split()
)
AREA_WORDS = frozenset(
    "desa kelurahan kel kecamatan kabupaten kota dusun kampung lingkungan provinsi banjar nagari distrik ds kec kab dukuh".split()
)
NUMBERED = frozenset("rt rw km sp no nomor blok rt/rw unit kilometer seksi gt l".split()) - {
    "no",
    "l",
    "unit",
    "seksi",
}
NUMBERS_IN_LETTERS = frozenset(
    "nol satu dua tiga empat lima enam tujuh delapan sembilan sepuluh sebelas belas puluh".split()
)
PUPILS = frozenset("anak bocah siswa murid guru kakanak budak bocah-bocah anak-anak lare".split())
FACILITIES = frozenset(
    "sd sdn smp smpn sma sman smk smkn slb mi mts ma min mtsn man tk paud sekolah madrasah pesantren ponpes kampus universitas "
    "masjid mesjid musala mushola musholla langgar surau gereja pura vihara pasar puskesmas pustu posyandu polindes rsud rs "
    "kantor toko warung spbu pom bank hotel rumah terminal pelabuhan bandara lapangan taman stadion gor indomaret alfamart "
    "polsek polres koramil kodim balai pos makam kuburan tpu tps tpa gardu pabrik pt cv kafe cafe ruko apotek klinik "
    "perpustakaan gedung samsat disdukcapil kua mall plaza bengkel kolam waduk embung pantai bukit gunung kebun pondok".split()
) - {"min", "ma", "mi", "man"}
OFFICE_WORDS = frozenset(
    "negeri swasta induk umum terpadu inpres desa kelurahan kecamatan camat lurah bupati walikota gubernur dinas kabupaten".split()
)
DENYING = frozenset("bukan bukannya lain sanes dudu".split())
LIVING = frozenset("tinggal domisili berdomisili asal berasal ktp".split())
# Between two segments of one phrase.
JOINTS = frozenset(
    ", . - / ( ) di ke dari yang nya itu lebih tepatnya tepat pas persis masuk sampai arah sama dan dekat ning nang ing".split()
)
# Words that point but lead nowhere.
EMPTY_PLACES = frozenset(
    "rumah saya kami kita orang warga tetangga sini situ sana ini itu nya pak bu kami-kami toko warung kantor sekolah pasar "
    "jalan gang kampung desa kota kecamatan kelurahan kabupaten rt rw di ke dari arah umum besar lingkungan komplek perumahan "
    "daerah wilayah bapak ibu ulun omah imah balai pos lapangan taman kebun umah puskesmas pintu gerbang pagar kelas halaman teras lokasi alamat tempat dinas".split()
)
# Words that end a name: they tell something about the place instead of naming it.
TELLING = frozenset(
    "rusak mati hancur berlubang lubang banjir gelap bau kotor macet putus patah roboh ambruk amblas longsor tumbang bocor "
    "kering keruh mahal habis kosong tutup buka penuh becek licin berdebu bahaya padam nyala hidup tersumbat meluap tergenang "
    "sudah belum tidak bukan jangan kada kadada ora mboten teu wis wes durung geus can lagi masih sering selalu terus juga saja "
    "sekali sangat banar parah total semua banyak sedikit ada adalah ialah yaitu yang dan atau tapi tetapi karena sehingga "
    "supaya agar kalau jika bila saat waktu ketika sejak dari mulai selama hampir sekitar lebih kurang sampai hingga setiap "
    "tiap kemarin tadi besok lusa sekarang hari minggu bulan tahun jam pagi siang sore malam subuh semalam seminggu sebulan "
    "setahun sehari ini itu sini situ sana nya lah kah dong sih deh nih tuh kok ya min admin pak bu bapak ibu kak mas mbak bang "
    "om tolong mohon harap minta bantu segera cepat lapor laporan saya kami kita mereka dia anda kamu ulun pian abdi kulo "
    "warga orang anak petugas pegawai guru siswa dokter apa siapa kapan kenapa bagaimana di mana berapa bisa boleh mau ingin "
    "harus perlu wajib akan dengan untuk oleh pada kepada dalam tanpa terima kasih tiang lampu aspal air listrik sampah got "
    "parit selokan drainase pipa kabel pohon truk mobil motor kendaraan hewan anjing ular buaya oknum kepala ketua pelayanan "
    "layanan antre antrean jalanannya kondisi kondisinya keadaan atapnya jadi jadinya malah padahal katanya soal masalah "
    "tentang terkait mengenai karna sebab akibat tanggal tgl atas bawah luar tengah ke di se si para tersebut baru lama dulu "
    "rame ramai sepi sempit lebar besar kecil dalam tinggi rendah jauh bekas punya milik hampir pernah "
    "pungli liar lambat korupsi penghubung telat bolos ambrol kotornya suap malas galak kasar ditolak roboh terendam rawan "
    "banyu ngalir rusake dalane lampune peteng poek pareum jalanna caina nang wan lawan amun mun yen nek ingkang sing nu "
    "buat pakai nganggo cuma hanya hilang retak sendiri jual jualan kena salah bayar mbayar isinya tetap pecah umur murah gasan kanggo "
    "dapat jatuh error online buang gratis turun makin dangkal butuh biar main bawa beli tuku bunyi lapuk tak datang pas handak arep "
    "endik aman jebol layak beh hanyut tinggal down pukul sambil antri suruh diam kabur nolak panuh lepas asal kaya pun runtuh "
    "rubuh ambles bolong bengkok nunggak satu-satu lembur ganti miring paling pusing melayani mung ambil mogok dadi ilegal kan "
    "nempel susah tunggu kritis takut separuh pasca kampanye entek ganal begini begitu karatan keras over redup kudu gagal merokok pindah "
    "paraeh podo bebas ganggu nongkrong maksa cari seperti sesak gugur setinggi selutut lempar nikah biasa jarang sebesar sejauh seluas saben "
    "langsung semrawut tindih lengkap pang semoga langganan silakan meluber normal surut setengah kira-kira tiba-tiba cuek pasang bolak "
    "balik saminggu apakah benar stop batal wae jelek kadaluarsa naon demam aktif ikam pisan gara-gara tos nagih numpuk menumpuk entah "
    "tiba neng condong istirahat kacau basah telung libur hamil lho selesai pungut kene njaluk tarik sementara molor los harga biaya "
    "bodong padat punten copot bising panggil gerak hehe sesuai like urus bengi karo melaporkan gali merusak larang rapi bakal pasti "
    "jumlah muntah sedang lanjut bagi tiasa isih respon wahini masuk bilang lewat naik tarus kirim sebelum setelah sorot "
    "lelet ketus meh nunda narik rebutan sekeluarga bikin butek boncos kali".split()
) - {"baru", "besar", "dalam", "tengah", "luar", "atas", "bawah", "raya", "air", "kecil", "lama"}
TELLING_BEGINNINGS = (
    "ber",
    "ter",
    "mem",
    "men",
    "meng",
    "meny",
    "per",
    "di",
    "ke",
    "ba",
    "ta",
    "ma",
    "ng",
    "ny",
)
# What kind of place it is, not which: `pabrik sawit`, `jalan hauling`, `rumah subsidi` are places only where one stands *at* them.
KINDS = frozenset(
    "sawit karet kayu tahu triplek ikan ayam sapi kopi roti kain emas obat buah sayur daging kue susu soto bakso beras pupuk semen "
    "batu bata bara pasir tambang limbah sampah plastik daur ulang oli bensin solar gas negeri swasta umum induk rakyat subsidi dinas "
    "pemerintah daerah pribadi warisan kos sewa kontrakan singgah potong makan sakit jompo duka tahanan wisata budaya adat hutan lindung "
    "konservasi kota desa kampung hauling akses setapak pengganti alternatif darurat utama raya umum protokol arteri nasional provinsi "
    "kabupaten tani produksi usaha dalam luar negara satu dua tiga sepeda pedestrian penyebrangan penyeberangan gantung suspensi layang kereta "
    "plasma inti durian nanas warga masyarakat tetangga nelayan petani tradisional modern malam pagi murah tumpah resmi liar ilegal "
    "remang remang-remang darah sampah tpa komunal tani miskin tua mewah ibadah sekolah kuliah islam agama dasar menengah swadaya "
    "berbayar parkir pasien inap lipat batas kelas sawah sungai laut air rel rumah orang anak-anak mahasiswi".split()
)
TITLES = frozenset(
    "ir h hj dr kh prof letjen letjend letkol mayjen brigjen jend jenderal kapten mt gusti st r ra sultan".split()
)
CROSSINGS = frozenset("simpang pertigaan perempatan bundaran".split())  # simpang tiga is a name
# Only in front of something concrete; `atas nama`, `antara lain`, `menuju lunas` are no places.
WEAK_LANDMARKS = frozenset(
    "atas bawah muka antara menuju sisi kawasan wilayah daerah area lingkungan".split()
)
LEADING_IN = frozenset("di ning nang ing dina ka ke dari".split())
# Units behind a number, and words that would pass for names.
VERB_LIKE = frozenset(
    "hari minggu bulan tahun jam menit titik lubang tiang orang rumah kali meter unit buah kk ekor ribu juta persen hri liter "
    "anak warga siswa jiwa batang pohon truk mobil motor lampu".split()
)
