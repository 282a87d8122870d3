"""Words that wishes are made of, in the letters of their language and in Latin ones, as people spell them in chats.

From general knowledge of the three languages; to be read over in both countries.
"""

_KHMER = {
    "k_me": ("ខ្ញុំ, ខ្ញំ, ខ្ញម, យើង, នាងខ្ញុំ, យើងខ្ញុំ, khnhom, nhom, nyom, khyom, kyom, knyom, nhm, nh, khom, yerng, yeung, yg"),
    "k_my": (
        "របស់ខ្ញុំ, ខ្ញុំ, ខ្ញំ, យើង, របស់យើង, "
        "robos khnhom, robos nhom, rbos nhom, robos knyom, robos nh, khnhom, nhom, nyom, khyom, kyom, knyom, nhm, "
        "nh, khom, yerng, yeung, yg"
    ),
    "k_you": "បង, អ្នក, លោក, គាត់, ពួកអ្នក, អង្គការ, bong, neak, lok, puok neak, pouk neak, ongkar",
    "k_dont": "កុំ, កុំឲ្យ, kom, km, koum, kom oy, kom aoy",
    "k_stop": "ឈប់, បញ្ឈប់, ឈប់ឲ្យ, chhob, chob, jhob, job, chup, chhup, banhchhob, banh chob",
    "k_needless": (
        "មិនបាច់, អត់បាច់, លែងបាច់, មិនចាំបាច់, អត់ចាំបាច់, "
        "min bach, ot bach, mn bach, min baj, ot baj, min jam bach, ot jam bach, lerng bach, leng bach"
    ),
    "k_not": "មិន, អត់, មិនដែល, min, mn, men, ot, ort, at, ut, od",
    "k_is_not": "មិនមែន, អត់មែន, min men, mn men, min mean, ot men, min maen, ot maen",
    "k_no_more": "លែង, ឈប់, lerng, leng, laeng, leang, chhob, chob, chop",
    "k_no_wish": (
        "មិនចង់, អត់ចង់, លែងចង់, មិនចង់ឲ្យ, អត់ចង់ឲ្យ, "
        "min chong, min jong, ot chong, ot jong, mn chong, mn jong, lerng chong, leng jong, min chong oy, "
        "min jong oy, ot chong oy, ot jong oy, mn jong oy, mn chong oy"
    ),
    "k_no_wish_to": (
        "មិនចង់ឲ្យ, អត់ចង់ឲ្យ, លែងចង់ឲ្យ, "
        "min chong oy, min jong oy, ot chong oy, ot jong oy, mn jong oy, mn chong oy, leng chong oy"
    ),
    "k_wish": (
        "ចង់, ចង់ឲ្យ, សុំ, សូម, ជួយ, សុំឲ្យ, ចង់សុំ, chong, jong, chong oy, jong oy, som, sum, jouy, juoy, chouy, chuoy, som oy"
    ),
    "k_may": (
        "អាច, បងអាច, អ្នកអាច, អនុញ្ញាតឲ្យ, អាចឲ្យ, ach, aj, ach oy, bong ach, bong aj, anunhat oy, anuhnhat oy, anunhat"
    ),
    "k_can": (
        "បាន, កបាន, ក៏បាន, បានដែរ, ក៏បានដែរ, បានណា, "
        "ban, kor ban, ko ban, kar ban, ban dae, ban der, kor ban dae, kor ban der"
    ),
    "k_te": "ទេ, តេ, ទេណា, te, tee, ty, ti, teh",
    "k_again": "ទៀត, ទៀតហើយ, តទៅទៀត, ទៀតទេ, tiet, teat, tiat, tit, tiert, tov tiet, teat te, tiet te",
    "k_back": "វិញ, មកវិញ, ឡើងវិញ, ម្ដងវិញ, vinh, veng, vign, ving, vinh mok, mok vinh, mok veng, mk vinh, viñ",
    "k_already": (
        "ហើយ, ទៀតហើយ, រួចហើយ, "
        "hery, hey, hx, hz, haey, hoy, hury, tiet hery, teat hz, tiet hz, teat hery, rouch hery, tiet hey"
    ),
    "k_come": "មក, mok, mk, mork, mouk",
    "k_go": "ទៅ, tov, tv, tow, tou, teuv",
    "k_all": "ទាំងអស់, អស់, ទាំងអស់ផង, ទាំងអស់នោះ, tang os, teang os, tang oh, tangos, os, ឲ្យអស់, oy os",
    "k_off": (
        "ចោល, ចេញ, ចោលទៅ, ចេញទៅ, ចោលផង, "
        "chol, jol, chaol, jaol, chenh, jenh, chol tov, chenh tov, "
        "ឲ្យផង, ឲ្យអស់, "
        "oy pong, oy phong, oy os, chol os"
    ),
    "k_name": (
        "ឈ្មោះ, ឈោ្មះ, នាម, "
        "chmos, chhmos, chmous, chhmous, chmuos, chmoh, chhmoh, jmous, jmos, chmuoh, chhmuoh, jmuos, chmus"
    ),
    "k_data": (
        "ទិន្នន័យ, ទិន្ន័យ, ទិន្នន័យទាំងអស់, ព័ត៌មាន, ពត៌មាន, ព័ត៌មានទាំងអស់, "
        "tinnaney, tinney, tinnay, tinnoney, tinonei, tinnanei, tinaney, por mean, pormean, pordmean, podmean, "
        "por tmean, data"
    ),
    "k_text": "សារ, សារទាំងអស់, សារដែល, សារណា, sar, sa, sar tang os, message, msg, sms",
    "k_number": (
        "លេខ, លេខទូរស័ព្ទ, លេខតេ, lek, lekh, lek tourosap, lek toursap, lek turosap, lek phone, lek tel, lekh tourosap"
    ),
    "k_keep": ("ទុក, រក្សា, រក្សាទុក, កត់ទុក, tuk, touk, tok, reaksa, reaksa tuk, raksa, raksa tuk, kat tuk, kep, keb"),
    "k_what": (
        "អ្វី, អី, អ្វីខ្លះ, អីខ្លះ, អ្វីខ្លៈ, អីគេ, អីគេខ្លះ, "
        "ey, ey klas, ey khlas, avey, avey klas, avey khlas, ey ke, ey kles, avei, avei klas"
    ),
    "k_how_long": (
        "យូរប៉ុណ្ណា, ប៉ុន្មាន, ប៉ុន្មានខែ, ប៉ុន្មានថ្ងៃ, ប៉ុន្មានឆ្នាំ, ដល់ពេលណា, ដល់ណា, រយៈពេលប៉ុន្មាន, យូរអត់, "
        "yu ponna, yu pona, yu ponman, ponman, ponman khae, ponman khe, ponman tngai, ponman chnam, dol pel na, "
        "yu bonna, yu ponman khae"
    ),
    "k_where": "នៅណា, នៅឯណា, ឯណា, កន្លែងណា, nov na, nov ey na, ey na, nv na, konlaeng na",
    "k_why": "ធ្វើអី, ធ្វើអ្វី, ធ្វើស្អី, tver ey, tver avey, tveu ey, tver ay, tver sa ey",
    "k_about": (
        "អំពី, ពី, រឿង, ពីរឿង, អំពីរឿង, ខាង, "
        "ompi, om pi, ampi, pi, rueng, reung, rerng, ruong, ruerng, pi rueng, pi reung, pi rerng"
    ),
    "k_who": "អ្នកណា, នរណា, អ្នកណាខ្លះ, neak na, nak na, nona, norna, neak na klas, nak na klas",
    "k_know": "ដឹង, ស្គាល់, deng, dg, doeng, derng, dung, skoal, skal, skol",
    "k_see": (
        "ឃើញ, មើល, មើលឃើញ, អាន, អាចមើល, អាចអាន, អាចឃើញ, អាចមើលឃើញ, "
        "khernh, kheunh, khenh, merl, meul, merl khernh, merl kheunh, an, arn, ach merl, ach an, aj merl, aj an, "
        "ban merl, ach merl khernh"
    ),
    "k_delete": "លុប, លប់, លុបបំបាត់, លុបចោល, lub, lup, loub, loup, lob, lop, lub chol, lup chol, delete",
    "k_show": (
        "បង្ហាញ, បញ្ចេញ, ប្រាប់, ប្រើ, ប្រើប្រាស់, សរសេរ, ដាក់, និយាយ, ឲ្យដឹង, ឲ្យគេដឹង, ឲ្យគេស្គាល់, "
        "bong hanh, bonghanh, banghanh, bonghang, bang hanh, bonhchenh, banhchenh, prab, brab, pra, brer, prer, "
        "sorser, sorse, dak, niyay, oy deng, oy dg, oy ke deng, oy ke dg"
    ),
    "k_hide": "លាក់, បិទ, បិទបាំង, លាក់បាំង, leak, lak, leark, bet, bit, bit bang",
    "k_phone": (
        "ទូរស័ព្ទ, ទូរសព្ទ, ទូរស័ព្, ទូស័ព្ទ, លេខ, លេខទូរស័ព្ទ, "
        "tourosap, toursap, turosap, torosap, tourosab, tursap, tu rosab, phone, lek, lek phone"
    ),
    "k_kin": (
        "ម្ដាយ, ម៉ាក់, ម៉ែ, ឪពុក, ប៉ា, ពុក, ឪ, បង, បងស្រី, បងប្រុស, ប្អូន, ប្អូនស្រី, ប្អូនប្រុស, ប្ដី, ប្រពន្ធ, "
        "កូន, កូនស្រី, កូនប្រុស, យាយ, តា, មីង, ពូ, អ៊ំ, ម្ដាយក្មេក, ក្មួយ, ចៅ, អ្នកជិតខាង, មិត្តភក្តិ, មិត្ត, "
        "មេភូមិ, គេ, គ្រួសារ, "
        "mday, mdai, mak, mae, me, pa, ovpuk, oupuk, puk, bong, bong srey, bong sray, bong bros, paoun, poun, phaon, "
        "paoun srey, p'on, bdey, pdey, pdei, prapon, propun, propon, kon, kon srey, kon bros, yeay, yay, ta, ming, "
        "pu, om, kmuoy, kmouy, chav, neak chit khang, nak jit khang, neak jit khang, mit, mit pheak, peak mak, ke, "
        "krousa, bang srey, bang bros"
    ),
    "k_use": "ប្រើ, ប្រើប្រាស់, ខ្ចី, brer, prer, braer, khchey, kchey, khjey, kchei, kjey, bror, breu",
    "k_this": "នេះ, នឹង, nis, nih, ni, nes, neung, neng, nhs",
    "k_be": "ជា, គឺ, គឺជា, chea, jea, ja, keu, ku, kue, keu jea",
    "k_other": "ផ្សេង, ផ្សេងទៀត, ផ្សេងវិញ, pseng, phseng, pheseng, psaeng, phsaeng, pseng tiet",
    "k_person": "អ្នក, មនុស្ស, neak, nak, monus, mnus, monous",
    "k_her": ("គាត់, នាង, វា, ម្ចាស់, ម្ចាស់លេខ, ម្ចាស់ទូរស័ព្ទ, kat, gat, kot, neang, mchas, mjas, mchas phone, mchas lek"),
    "k_ask": "សួរ, សួរនាំ, sour, suor, suo, sua, suar, sur, sour neam",
    "k_questions": (
        "សំណួរ, សំនួរ, ការស្ទង់មតិ, ស្ទង់មតិ, កម្រងសំណួរ, "
        "somnuor, somnuo, samnuor, somnour, somnua, samnour, survey, somnur, stong mate"
    ),
    "k_send": (
        "ផ្ញើ, ផ្ញើរ, ផ្ងើ, សរសេរ, ផ្ញើសារ, "
        "pher, phnher, pnher, phner, pnhe, pherh, phnhaer, sorser, sorse, sosse, pher sar, pnher sar, send"
    ),
    "k_answer": "ឆ្លើយ, ឆ្លើយតប, chlery, chlaey, chlaeuy, chhlaey, chloy, chhlery, chleuy, chley",
    "k_remind": ("រំលឹក, រំឭក, ដាស់តឿន, romleuk, romlerk, rumleuk, rumluek, romluek, rumlerk, romlek, romlik, rumlik"),
    "k_tell": "ប្រាប់, និយាយ, ជូនដំណឹង, prab, brab, prap, brap, niyay, niyeay, nyeay, tel, call, tell",
    "k_money": "លុយ, ប្រាក់, លុយកាក់, luy, loy, lui, luoy, louy, luey, brak, prak, lý",
    "k_join": (
        "ចូលរួម, រួម, ជួប, ប្រជុំ, "
        "chol ruom, jol roum, jol ruom, chol roum, chol rum, jol rum, joul roum, chaul ruom, projum, prochum, "
        "prochom, brochum, brojum"
    ),
    "k_meeting": (
        "ប្រជុំ, ប្រជុំនេះ, ការប្រជុំ, ទីនោះ, projum, prochum, prachum, brochum, brojum, bro chum, pro chum, prochom, meeting"
    ),
    "k_shall": "នឹង, និង, នឺង, ហ្នឹង, nung, neng, nerng, ning, nng, neung",
    "k_unable": (
        "មិនបាន, អត់បាន, មិនរួច, អត់រួច, មិនកើត, អត់កើត, មិនដាច់, មិនទាន់, "
        "min ban, ot ban, mn ban, ort ban, at ban, min ruoch, ot ruoch, ot roch, min rouch, ot rouch, min kert, "
        "ot kert, min keut, ot keut, min bn, ot bn, min dach, ot dach, min daj, ot daj, "
        "មិនទាន់បាន"
    ),
    "k_busy": (
        "រវល់, ជាប់រវល់, ជាប់ការងារ, ជាប់ការ, ជាប់ធុរៈ, ជាប់ធ្វើការ, មិនទំនេរ, អត់ទំនេរ, "
        "rovol, robol, rovul, rovual, rovorl, jab rovol, jab robol, chab rovol, jab ka, jab kar ngear, jab kar, "
        "chab ka, jab ka ngea, min tumne, ot tumne, ot tomne, min tomne, ot tumnea"
    ),
    "k_case": (
        "រឿង, រឿងនេះ, រឿងនោះ, រឿងហ្នឹង, ពាក្យ, ពាក្យបណ្ដឹង, បណ្ដឹង, ពាក្យប្ដឹង, សំណុំរឿង, ពាក្យតវ៉ា, ការតវ៉ា, "
        "rueng, reung, rerng, ruerng, rueng nis, reung nis, rerng nis, rueng nus, peak, peak bondeng, peak bandeng, "
        "peak bdeng, bondeng, bandeng, peak bondoeng"
    ),
    "k_take_back": "ដក, សុំដក, dok, dork, dak, dork yok, dok yok",
    "k_complain": "ប្ដឹង, ប្ដឹងផ្ដល់, តវ៉ា, bdeng, bdoeng, bderng, pdeng, pderng, tovha, tava, tor va, ta va",
    "k_solve": (
        "ដោះស្រាយ, ជួយ, មើល, ពិនិត្យ, ស៊ើប, ធ្វើ, "
        "dos sray, doh sray, dos srey, daoh sray, dos sry, jouy, juoy, chouy, chuoy, joy, tver, merl, pinit"
    ),
    "k_letters": "អក្សរ, អក្ស, សំបុត្រ, akso, aksor, akor, aksa, ak sor",
    "k_read": "អាន, មើល, an, arn, ann, merl, meul",
    "k_others": (
        "គេ, អ្នកផ្សេង, មេភូមិ, គាត់, អ្នកដទៃ, មេឃុំ, ភ្នាក់ងារ, "
        "ke, neak pseng, nak pseng, me phum, mephum, mae phum, kat, me khum, mekhum, agent"
    ),
    "k_wanting": "យក, ត្រូវការ, ចង់បាន, yok, yk, trov kar, trov ka, trovkar, chong ban, jong ban",
    "d_k_kill": (
        "សម្លាប់, សំលាប់, វាយសម្លាប់, កាប់សម្លាប់, កាប់, "
        "somlab, somlap, samlab, samlap, sam lab, som lab, som lap, sam lap, vay somlab"
    ),
    "k_writes": (
        "សរសេរ, "
        "sorser, sorse, sosse, saser, sorsae, pher, phnher, pnher, phner, pher sar, sour, suor, suo, bdeng, bdoeng, "
        "bderng, pdeng, niyay, niyeay, nyeay, tovha, tava, reaykar, reay kar, prab, brab, prap, brap, tel, chat, "
        "call"
    ),
    "k_instead": (
        "ជំនួស, "
        "chumnous, jumnous, chomnuos, jomnuos, jumnus, chumnus, jomnous, chomnous, chomnus, jomnus, chumnuos, "
        "jumnuos"
    ),
    "k_of": "របស់, robos, rbos, oy, aoy",
    "k_all_of_us": ("ទាំងអស់គ្នា, ទាំងគ្រួសារ, tang os knea, teang os knea, tang krousa, ទាំងពីរ, ទាំងពីរនាក់, tang pi, teang pi"),
    "k_skilled": "ចេះ, ដាច់, យល់, ches, jes, cheh, jeh, chers, dach, daj, doch",
}
_LAO = {
    "l_me": (
        "ຂ້ອຍ, ຂ່ອຍ, ຂ້າພະເຈົ້າ, ເຮົາ, ພວກເຮົາ, ພວກຂ້ອຍ, ຂ້ານ້ອຍ, "
        "khoy, khoi, koy, koi, khooy, khouy, hao, phuak hao, puak hao, phuak khoy"
    ),
    "l_my": (
        "ຂ້ອຍ, ຂອງຂ້ອຍ, ຂອງເຮົາ, ເຮົາ, ຂ້າພະເຈົ້າ, ຂອງຂ້າພະເຈົ້າ, "
        "khoy, khoi, koy, koi, khong khoy, khong khoi, kong khoy, kong koy, hao, khorng khoy"
    ),
    "l_you": "ເຈົ້າ, ພວກເຈົ້າ, ທ່ານ, ໂຄງການ, chao, jao, phuak chao, phuak jao, puak jao, than, khongkan",
    "l_dont": ("ຢ່າ, ຢ່າສູ່, ບໍ່ຕ້ອງ, ya, yaa, yah, yar, bo tong, bor tong, br tong, bo torng, baw tong, bo thong, bor torng"),
    "l_stop": "ເຊົາ, ຢຸດ, ເລີກ, sao, xao, sow, yut, yout, leuk, lerk",
    "l_no_wish": (
        "ບໍ່ຢາກໃຫ້, ບໍ່ຢາກ, ບໍ່ຢາກໄດ້, "
        "bo yak hai, bor yak hai, br yak hai, bo yark hai, bo yak, bor yak, br yak, bo yark, bo yak dai, "
        "bor yak dai, baw yak, baw yak hai"
    ),
    "l_not": "ບໍ່, ບໍ, ບ່, bo, bor, boh, br, baw, bow, bou",
    "l_wish": ("ຢາກ, ຢາກໃຫ້, ຂໍ, ຊ່ວຍ, ຂໍໃຫ້, yak, yark, yak hai, kho, khor, suay, xuay, xoy, soy, suey, khor hai, suoy"),
    "l_allow": "ອະນຸຍາດໃຫ້, ຍອມໃຫ້, ໃຫ້, anuyat hai, anuyaat hai, nyom hai, yom hai, hai",
    "l_can_plain": "ໄດ້, ໄດ້ຢູ່, dai, dy, day, dai yu",
    "l_writes": (
        "ຂຽນ, "
        "khian, kian, khien, song, xong, tham, thaam, hong thuk, hong tuk, horng thuk, fong, forng, chaeng, jaeng, "
        "vao, wao, bok, bork, phim, pim, tho"
    ),
    "l_instead": "ແທນ, thaen, taen, then, ten, thean, tean",
    "l_of": "ຂອງ, ໃຫ້, khong, kong, hai",
    "l_no_wish_to": "ບໍ່ຢາກໃຫ້, bo yak hai, bor yak hai, br yak hai, bo yark hai, baw yak hai",
    "l_can": (
        "ໄດ້, ກໍໄດ້, ກະໄດ້, ໄດ້ຢູ່, ໄດ້ເລີຍ, ໄດ້ໝົດ, ກໍ່ໄດ້, "
        "dai, dy, day, kor dai, ko dai, ka dai, dai yu, dai lei, dai loei, dai leuy, gor dai"
    ),
    "l_please": "ແດ່, ແນ່, dae, dai, nae",
    "l_again": "ອີກ, ອີກແລ້ວ, ຕໍ່ໄປ, ອີກຕໍ່ໄປ, ອີກເດີ, ik, eek, eik, ig, iik, ik laew, ik leo, tor pai, to pai",
    "l_back": (
        "ik, ຄືນ, ຄືນອີກ, ຄືເກົ່າ, ອີກຄືນ, ຄືນໃໝ່, ອີກ, khuen, khun, kheun, kuen, keun, khuen ik, khue kao, khu kao, khuen mai"
    ),
    "l_already": "ແລ້ວ, ແລ້ວເດີ, ອີກແລ້ວ, ແລ້ວໆ, laew, leo, leow, laeo, lew, laeow, ik laew, ik leo, laew der",
    "l_come": "ມາ, ma, mar, maa",
    "l_go": "ໄປ, pai, pay, py",
    "l_all": ("ໝົດ, ທັງໝົດ, ທຸກຢ່າງ, ໝົດເລີຍ, mot, thang mot, tang mot, thuk yang, tuk yang, thuk nyang, mot loei"),
    "l_off": (
        "ອອກ, ຖິ້ມ, ອອກໃຫ້ໝົດ, ອອກໝົດ, "
        "ork, ok, awk, oak, thim, tim, thiem, ork mot, "
        "ໃຫ້ໝົດ, ໃຫ້ແດ່, "
        "hai mot, hai dae, "
        "ຖິ້ມໝົດ, ອອກແດ່"
    ),
    "l_name": "ຊື່, ຊື່ແທ້, seu, xeu, xu, su, sue, xue, zeu, suu",
    "l_data": (
        "ຂໍ້ມູນ, ຂໍ່ມູນ, ຂໍ້ມູນທັງໝົດ, ຂໍ້ມຸນ, "
        "khormun, kho mun, khor mun, khomoun, kho moun, khor moun, khormoun, kormun, kor mun, data, khomoon"
    ),
    "l_text": (
        "ຂໍ້ຄວາມ, ຂໍ້ຄວາມທັງໝົດ, ສານ, "
        "kho khwam, khor khwam, khokhuam, khor khuam, kho khuam, khor kwam, kho kwam, message, sms, khokhwam"
    ),
    "l_number": "ເບີ, ເບີໂທ, ເບີໂທລະສັບ, ເລກໂທລະສັບ, ber, ber tho, ber to, beu, beo, ber tholasap, ber toh",
    "l_keep": ("ເກັບ, ເກັບໄວ້, ຮັກສາ, ເກັບຮັກສາ, ບັນທຶກ, kep, keb, kep vai, kep wai, hak sa, haksa, banthuek, ban thuek, kept"),
    "l_kept": "ໄວ້, ໄວ, vai, wai, vay, way",
    "l_what": (
        "ຫຍັງ, ຫຍັງແດ່, ອີ່ຫຍັງ, ອັນໃດ, ຫຍັງຂອງ, "
        "nyang, yang, nyang dae, nyang dai, yang dae, inyang, i nyang, ngang, niang, nyang nae"
    ),
    "l_how_long": (
        "ດົນປານໃດ, ດົນເທົ່າໃດ, ຈັກເດືອນ, ຈັກປີ, ຈັກມື້, ຮອດມື້ໃດ, "
        "don pan dai, don panday, don thao dai, don tao dai, chak deuan, jak deuan, jak pi, jak mue, don pandai"
    ),
    "l_where": "ໃສ, ຢູ່ໃສ, ໄວ້ໃສ, ບ່ອນໃດ, sai, yu sai, vai sai, wai sai, bon dai",
    "l_why": "ເຮັດຫຍັງ, ເຮັດຫຍັງແດ່, het nyang, het yang, hed nyang",
    "l_about": "ກ່ຽວກັບ, ເລື່ອງ, ຂອງ, ກ່ຽວ, kiao kap, kiaokap, kieo kap, giao kap, leuang, khong, kiew kab",
    "l_who": "ໃຜ, ຜູ້ໃດ, ໃຜແດ່, phai, pai, fai, phu dai, phu day, phai dae, phai nae",
    "l_see": (
        "ເຫັນ, ເບິ່ງ, ອ່ານ, ເບິ່ງໄດ້, ອ່ານໄດ້, ເຫັນໄດ້, ໄດ້ເຫັນ, ໄດ້ອ່ານ, ສາມາດເບິ່ງ, ສາມາດອ່ານ, "
        "hen, beung, boeng, berng, an, aan, dai hen, dai an, hen dai"
    ),
    "l_know": "ຮູ້, ຮູ້ຈັກ, hu, hoo, ru, hou, hu chak, hu jak",
    "l_delete": "ລຶບ, ລົບ, ລຶບລ້າງ, ລືບ, ລບ, lup, lub, lop, lob, leup, lueb, luep, loup, leub, delete",
    "l_show": (
        "ອອກ, ບອກ, ໃສ່, ໃຊ້, ເປີດເຜີຍ, ໃຫ້ເຫັນ, ໃຫ້ຮູ້, ເຜີຍ, ລະບຸ, ຂຽນ, ສະແດງ, "
        "ork, ok, awk, bork, bok, bawk, sai, xai, sai xeu, poet phoei, pert pheuy, perd phoey, hai hen, hai hu, "
        "hai khao hu, khian, sadaeng, hai phai hu kor"
    ),
    "l_hide": "ປິດ, ປິດບັງ, ປົກປິດ, ເຊື່ອງ, pit, pid, pit bang, pok pit, suang, seuang",
    "l_phone": (
        "ໂທລະສັບ, ໂທລະສັບນີ້, ໂທ, ໂທລະສັບມືຖື, ເບີ, ເບີໂທ, "
        "tholasap, tholasab, tho la sap, tolasap, thorasap, tho lasap, to lasap, tholasub, tho ra sap, phone, ber, "
        "ber tho, torasap"
    ),
    "l_kin": (
        "ແມ່, ພໍ່, ແມ່ຕູ້, ພໍ່ຕູ້, ແມ່ເຖົ້າ, ພໍ່ເຖົ້າ, ເອື້ອຍ, ອ້າຍ, ນ້ອງ, ນ້ອງສາວ, ນ້ອງຊາຍ, ຜົວ, ເມຍ, ລູກ, ລູກສາວ, "
        "ລູກຊາຍ, ປ້າ, ລຸງ, ນ້າ, ອາ, ຫຼານ, ເພື່ອນ, ເພື່ອນບ້ານ, ໝູ່, ຄົນອື່ນ, ຄົນໃນບ້ານ, ຄອບຄົວ, "
        "mae, me, phor, pho, por, mae tu, maetou, mae thao, phor tu, euay, uay, eueay, eay, ai, aay, nong, nong sao, "
        "nong sai, phua, pua, mia, mea, luk, louk, luk sao, luk sai, pa, lung, loung, na, a, lan, phuean, pheuan, "
        "peuan, phuean ban, pheuan ban, mu, moo, khon eun, khon uen, khon ern, khop khua, khon nai ban"
    ),
    "l_use": "ໃຊ້, ຢືມ, ຍືມ, ຂໍຢືມ, ເອົາ, sai, xai, yuem, yum, yeum, nyuem, youm, yerm",
    "l_this": "ນີ້, ນີ, ອັນນີ້, ເບີນີ້, ເຄື່ອງນີ້, ni, nee, nii, an ni, an nee",
    "l_be": "ແມ່ນ, ເປັນ, ຄື, maen, men, mean, pen, maan, khue",
    "l_other": (
        "ຄົນອື່ນ, ຄົນອື່ນແລ້ວ, ອີກຄົນ, ຄົນໃໝ່, ຜູ້ອື່ນ, khon eun, khon uen, khon ern, khon oun, phu eun, khon ueun, khon auen, khon un"
    ),
    "l_her": ("ລາວ, ເຂົາ, ເຈົ້າຂອງ, ເຈົ້າຂອງເບີ, ເຈົ້າຂອງໂທລະສັບ, lao, khao, chao khong, jao khong, chao khong ber"),
    "l_ask": "ຖາມ, ສອບຖາມ, tham, thaam, thahm, tharm",
    "l_questions": (
        "ຄຳຖາມ, ຄໍາຖາມ, ແບບສອບຖາມ, ແບບສຳຫຼວດ, ສຳຫຼວດ, "
        "kham tham, kam tham, khamtham, kamtham, kham thaam, baeb sob tham, survey, samluat, baep sob tham, "
        "baeb sobtham, baep sop tham"
    ),
    "l_send": "ສົ່ງ, ຂຽນ, ສົ່ງຂໍ້ຄວາມ, song, xong, khian, kian, khien, song kho khwam, song sms, sorng, sng",
    "l_answer": "ຕອບ, ຕອບຄຳຖາມ, top, tob, torp, tawp, topp",
    "l_remind": "ເຕືອນ, ແຈ້ງເຕືອນ, ບອກເຕືອນ, teuan, tuean, tuan, teun, tuen, teoan, chaeng teuan",
    "l_tell": "ບອກ, ແຈ້ງ, ເວົ້າ, ໂທ, bok, bork, bawk, chaeng, jaeng, vao, wao, tho, baw",
    "l_money": "ເງິນ, ເງີນ, ເງິນຄຳ, ngern, ngeun, ngen, nguen, ngoen, ngin, ngurn",
    "l_matter": (
        "ເລື່ອງ, ເລຶ່ອງ, ກ່ຽວກັບ, ກ່ຽວກັບເລື່ອງ, "
        "leuang, lueang, reuang, rueang, leung, luang, leaung, leang, ruang, leuang khong, kiao kap"
    ),
    "l_shall": "ຊິ, ສິ, ຈະ, ຈັກ, si, xi, see, ja, cha, sii, ci",
    "l_join": (
        "ເຂົ້າຮ່ວມ, ຮ່ວມ, ເຂົ້າຮວມ, ປະຊຸມ, "
        "khao huam, kao huam, khao houam, huam, khao hwam, houam, prasum, pasum, paxoum, pasoum"
    ),
    "l_meeting": (
        "ປະຊຸມ, ກອງປະຊຸມ, ຮ່ວມ, ຮ່ວມປະຊຸມ, ເຂົ້າຮ່ວມ, ຫັ້ນ, ຮັບ, "
        "prasum, pasum, paxoum, paxum, pasoum, kong pasum, kong prasum, huam, huam pasum, hap"
    ),
    "l_busy": (
        "ຄາວຽກ, ຄາວຽກຢູ່, ບໍ່ວ່າງ, ຫຍຸ້ງ, ຫຍຸ້ງຢູ່, ຫຍຸ້ງວຽກ, ບໍ່ມີເວລາ, ຕິດວຽກ, ຕິດທຸລະ, "
        "kha viak, kha wiak, kha viek, ka viak, khaviak, bo vang, bo wang, bor vang, bor wang, bo mi vela, "
        "bo mi wela, bor mi vela, nyung, yung, tit viak, tit wiak, khong kha viak, khong viak, nyoung"
    ),
    "l_case": (
        "ເລື່ອງ, ເລື່ອງນີ້, ເລື່ອງນັ້ນ, ຄຳຮ້ອງ, ຄໍາຮ້ອງ, ຄຳຮ້ອງທຸກ, ຄໍາຮ້ອງທຸກ, ຄຳຟ້ອງ, ຄະດີ, ຄຳສະເໜີ, "
        "leuang, lueang, reuang, rueang, leuang ni, lueang ni, reuang ni, leuang nee, kham hong, kham hong thuk, "
        "kham horng, khadi, kham fong"
    ),
    "l_take_back": (
        "ຖອນ, ຂໍຖອນ, ຍົກເລີກ, ຂໍຍົກເລີກ, ຖອນຄືນ, "
        "thon, ton, thorn, kho thon, khor thon, nyok leuk, yok leuk, nyok lerk, nyokleuk, yokleuk, yok lerk, "
        "khor nyok leuk"
    ),
    "l_complain": "ຮ້ອງທຸກ, ຟ້ອງ, ຮ້ອງ, ແຈ້ງ, hong thuk, hong tuk, horng thuk, fong, forng, hong, hongthuk",
    "l_solve": (
        "ແກ້ໄຂ, ແກ້, ຊ່ວຍ, ກວດ, ກວດສອບ, ເບິ່ງ, ຊ່ວຍເຫຼືອ, "
        "kae khai, kae kai, kae, gae, gae khai, suay, xuay, suey, kuat, kuad, kuat sob, beung"
    ),
    "l_letters": (
        "ໜັງສື, ຫນັງສື, ຕົວໜັງສື, ຂໍ້ຄວາມ, "
        "nangsue, nang seu, nangseu, nang su, nangsu, nung seu, nangxu, nang xeu, nangsoe, "
        "ໂຕໜັງສື, "
        "to nangsue, tua nangsue"
    ),
    "l_read": "ອ່ານ, ອ່ານຂຽນ, an, aan, arn, an khian, an kian",
    "l_skilled": "ເປັນ, ອອກ, ຮູ້, ແຕກ, pen, ork, ok, awk, hu, oak, taek",
}
_ENGLISH = {
    "e_reader": (
        "i, we, me, she, he, her, him, who, mother, father, mom, grandmother, grandma, grandfather, parents, wife, "
        "husband, sister, brother, aunt, uncle, neighbour, neighbor, people, many of us, and, but, old, woman, "
        "women, very well, very much, also, really, herself, himself, friend"
    ),
    "e_kin": (
        "mother, mothers, moms, mom, father, fathers, sister, sisters, brother, brothers, husband, husbands, wife, "
        "wifes, son, sons, daughter, daughters, aunt, aunts, uncle, uncles, neighbour, neighbours, neighbor, "
        "neighbors, friend, friends, child, children, childs, grandmother, grandmothers, grandfather, grandfathers, "
        "grandma, grandmas, cousin, cousins, niece, nieces, nephew, nephews, mother in law, family, sister in law"
    ),
}
SETS = {**_ENGLISH, **_KHMER, **_LAO}
"""The words that `Ways` names between `<` and `>`, by the first letter of their language."""
