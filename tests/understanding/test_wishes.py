"""Wishes about oneself and about what is sent, coming, and taking back: in three languages and in Latin letters."""

from understanding.wishes.bulk_wishes import BulkWish, bulk_wish
from understanding.wishes.coming import says_coming
from understanding.wishes.own_wishes import OwnWish, own_wish
from understanding.wishes.withdrawing import says_withdraw

WISHED = {
    OwnWish.HIDE_NAME: """
    kom oy ke deng chmos nhom | som kom brab chhmos khnhom | leak chhmous nhom pong | som leak chmuos khnhom bong |
    kom bong hanh chmos nhom | min chong oy ke skoal khnhom te | ya bok seu khoy | khor pit xeu khoy dae |
    bo yak hai phai hu seu khoy | ya ork seu khoi der | khoy bo yak hai khon hu va maen khoy | សូមលាក់ឈ្មោះខ្ញុំផងបង |
    កុំឲ្យអ្នកណាដឹងថាជាខ្ញុំ | ខ្ញុំមិនចង់បញ្ចេញឈ្មោះទេ | កុំដាក់ឈ្មោះខ្ញុំណា | ຢ່າບອກຊື່ຂ້ອຍໃຫ້ໃຜເດີ |
    ຂ້ອຍບໍ່ຢາກໃຫ້ໃຜຮູ້ຊື່ | ກະລຸນາປິດຊື່ຂ້ອຍແດ່ | dont tell my name to anyone | please keep my name secret |
    i dont want people know my name | pls not show my name | som bet chmos khnhom | kom oy me phum deng chmos nhom |
    bo tong ork seu khoy | suay pit seu khoy dae | សុំកុំប្រាប់ឈ្មោះខ្ញុំទៅមេភូមិ | ຊ່ວຍປິດຊື່ຂ້ອຍໄວ້ແດ່ |
    please do not tell them my name
    """,
    OwnWish.SHOW_NAME: """
    bong hanh chmos khnhom ban | ach prab chmous nhom ban | brer chhmos nhom kor ban |
    dak chmos khnhom ban, ot ey te | nhom ot klach te, brab chmos khnhom ban | oy ke deng chmos nhom kor ban |
    bok seu khoy dai | ork xeu khoy dai | sai seu khoi dai lei | hai hen seu khoy kor dai |
    khoy bo yan, bok seu khoy dai | សរសេរឈ្មោះខ្ញុំក៏បាន | ឲ្យគេដឹងឈ្មោះខ្ញុំក៏បាន | ខ្ញុំអនុញ្ញាតឲ្យប្រើឈ្មោះខ្ញុំ |
    បង្ហាញឈ្មោះខ្ញុំមកចុះ | ដាក់ឈ្មោះខ្ញុំក៏បានដែរ | ប្រាប់ឈ្មោះខ្ញុំបាន មិនអីទេ | ໃສ່ຊື່ຂ້ອຍໄດ້ | ບອກຊື່ຂ້ອຍກໍໄດ້ |
    ເປີດເຜີຍຊື່ຂ້ອຍໄດ້ | ຂ້ອຍອະນຸຍາດໃຫ້ໃຊ້ຊື່ຂ້ອຍ | ອອກຊື່ຂ້ອຍໄດ້ເລີຍ | you can tell them my name |
    ok to use my name | it is ok to show my name now | my name can be known, i am not afraid |
    nhom oy brer chmos ban | brab chmos nhom tov ke ban | oy ke skal chmos khnhom kor ban | khoy hai ork seu dai |
    poet phoei seu khoy dai | ອອກຊື່ຂ້ອຍບໍ່ເປັນຫຍັງ | you can give my name to the officer |
    i allow you to use my name | bong brer chmos nhom ban | bok seu khoy hai khao dai | អ្នកអាចប្រាប់ឈ្មោះខ្ញុំ |
    ໃຫ້ເຂົາຮູ້ຊື່ຂ້ອຍໄດ້ | they can know my name
    """,
    OwnWish.WHAT_KEPT: """
    tuk tinnaney nhom ey klas | neak reaksa tuk ey klas pi khnhom | tuk por mean nhom yu ponna |
    dg avey klas ompi nhom | neak na merl khernh tinnaney khnhom | sar nhom tuk yu ponman khae |
    kep khormun khoy nyang dae | kep kho moun khong khoy don pan dai | hu nyang kiao kap khoy |
    phai hen kho mun khoy | khor moun khoy kep vai sai | តើបងទុកទិន្នន័យខ្ញុំអ្វីខ្លះ | ទុកលេខទូរស័ព្ទខ្ញុំធ្វើអី |
    តើនរណាមើលឃើញសាររបស់ខ្ញុំ | បងដឹងអីខ្លះពីខ្ញុំ | រក្សាទុកព័ត៌មានរបស់ខ្ញុំប៉ុន្មានខែ | ទុកសារខ្ញុំដល់ពេលណា |
    ພວກເຈົ້າເກັບຂໍ້ມູນຫຍັງຂອງຂ້ອຍແດ່ | ເກັບເບີຂ້ອຍໄວ້ດົນປານໃດ | ໃຜເບິ່ງຂໍ້ຄວາມຂ້ອຍໄດ້ | ຮູ້ຫຍັງກ່ຽວກັບຂ້ອຍແດ່ |
    ເກັບຂໍ້ມູນຂອງຂ້ອຍໄວ້ໃສ | who can read my messages | what information you have about me |
    how long you keep my information | do you save my number | what do you do with my data | who will see my message |
    tver ey ng tinnaney nhom | bong kep tinnaney nhom yu ponna | neak na klas merl sar nhom ban |
    chao kep khor moun khoy vai don pan dai | phai dai an kho khwam khoy | ao khormun khoy pai het nyang |
    តើព័ត៌មានខ្ញុំទុកយូរប៉ុណ្ណា | យកទិន្នន័យខ្ញុំទៅធ្វើអី | ເອົາຂໍ້ມູນຂ້ອຍໄປເຮັດຫຍັງ | ຂໍ້ມູນຂ້ອຍເກັບໄວ້ໃສ |
    what will you do with my information | can other people read my message | bong tuk lek nhom tver ey |
    khormun khoy phai hen | kep ber khoy het nyang | ទុកលេខខ្ញុំយូរប៉ុណ្ណា | ໃຜເຫັນຂໍ້ຄວາມຂ້ອຍແດ່ |
    what you know about me
    """,
    OwnWish.ERASE: """
    lub tinnaney nhom | lub tinney khnhom tang os | som lup por mean khnhom chol | lop sar nhom tang os |
    kom tuk lek nhom | som lub tinnaney nhom pong | lup khormun khoy | lob kho moun khong khoy dae | lup ber khoy |
    ya kep khormun khoy | khor lup kho khwam khoy | lop thuk yang kiao kap khoy | សុំលុបសារទាំងអស់របស់ខ្ញុំ |
    លុបទិន្នន័យរបស់ខ្ញុំចោលផង | ខ្ញុំចង់លុបទិន្នន័យរបស់ខ្ញុំ | កុំរក្សាទុកសាររបស់ខ្ញុំ | ជួយលុបព័ត៌មានខ្ញុំផងបង |
    ຂ້ອຍຢາກລຶບຂໍ້ມູນຂອງຂ້ອຍ | ຊ່ວຍລຶບເບີໂທຂ້ອຍແດ່ | ລຶບຂໍ້ຄວາມຂ້ອຍໝົດ | ກະລຸນາລຶບຂໍ້ມູນຂ້ອຍອອກ | ຢ່າເກັບເບີຂ້ອຍໄວ້ |
    i want you to delete my data | please delete all my information | remove my phone number from your system |
    can you delete my messages please | erase all what i told you | pls delete my data i moved to thailand |
    bong lub tinnaney nhom oy pong | lup por mean khnhom oy os | nhom jong lup sar tang os robos nhom |
    kom reaksa tuk tinnaney nhom | yak hai lup khormun khoy | lup khormun khong khoy hai mot dae |
    ya kep ber khoy vai | លុបព័ត៌មានរបស់ខ្ញុំទាំងអស់ចេញ | សូមលុបសារខ្ញុំចោល | ຂໍໃຫ້ລຶບຂໍ້ມູນຂ້ອຍ |
    ລົບຂໍ້ຄວາມຂອງຂ້ອຍອອກໃຫ້ໝົດ | can you please erase my messages | delete all my data please |
    i want my data deleted | lub tinnaney robos khnhom pong bong | jouy lup sar nhom chol |
    suay lup khormun khoy dae | lob kho khwam thang mot khong khoy | សូមជួយលុបទិន្នន័យខ្ញុំ |
    ຊ່ວຍລຶບຂໍ້ມູນຂ້ອຍໃຫ້ແດ່ | remove all my information from your system
    """,
    OwnWish.OTHER_PERSON: """
    nis min men tourosap nhom te | nhom khchey tourosap ke | phone nis robos bong srey nhom | nis tourosap mak nhom |
    nhom jea neak pseng | nhom min men kat te | tho la sap khong mae khoy | khoy yuem tho lasap |
    bo maen tho lasap khoy | ni maen tholasap euay khoy | khoy maen khon eun | khoy sai tho la sap khon eun |
    នេះមិនមែនទូរស័ព្ទខ្ញុំទេ | ខ្ញុំជាអ្នកផ្សេងទេបង | ខ្ញុំខ្ចីទូរស័ព្ទអ្នកជិតខាង | ទូរស័ព្ទនេះរបស់ម្ដាយខ្ញុំ |
    ខ្ញុំមិនមែនជាគាត់ទេ | ខ្ញុំប្រើទូរស័ព្ទប្ដីខ្ញុំ | ນີ້ບໍ່ແມ່ນໂທລະສັບຂ້ອຍ | ນີ້ແມ່ນໂທລະສັບຂອງແມ່ຂ້ອຍ |
    ຂ້ອຍຢືມໂທລະສັບເພື່ອນບ້ານ | ຂ້ອຍບໍ່ແມ່ນລາວ | ໃຊ້ໂທລະສັບຂອງລູກ | this phone is my sister's |
    i use my neighbour phone | i borrow phone from friend | not my phone, my mother phone |
    this phone belongs to my husband | i am using my aunts phone | nhom jea kon kat | tourosap nis robos bdey nhom |
    nhom khchey phone neak chit khang | nhom sorse pi phone mak | nhom jea bong srey kat | khoy pen luk lao |
    tholasap ni maen khong phua khoy | khoy yuem ber nong sao | bo maen ber khoy | ខ្ញុំជាកូនគាត់ |
    លេខនេះមិនមែនលេខខ្ញុំទេ | ຂ້ອຍເປັນລູກລາວ | ເບີນີ້ບໍ່ແມ່ນເບີຂ້ອຍ | this is my brothers number |
    im using my sisters phone | i am her daughter | nis chea phone mday khnhom | khoy sai ber phua |
    នេះជាលេខបងស្រីខ្ញុំ | ນີ້ເບີເອື້ອຍຂ້ອຍ | this number is my aunts
    """,
    BulkWish.NO_SURVEYS: """
    som kom sour tiet | kom suor nhom teat | chhob sour tov | min chong chlery somnuor te | kom pher somnuo mok tiet |
    som kom sour nhom tiet bong | nhom min chlaey te kom sour | ya tham ik | bo tong tham khoy ik | sao tham der |
    khoy bo yak top kham tham | ya song kham tham ma ik | សូមកុំសួរទៀតណា | ខ្ញុំមិនចង់ឆ្លើយទៀតទេ |
    កុំផ្ញើសំណួរមកខ្ញុំទៀត | ឈប់សួរសំណួរមកខ្ញុំទៀតទៅ | ខ្ញុំធុញនឹងសំណួរហើយ កុំសួរទៀត | កុំផ្ញើការស្ទង់មតិមក |
    ຢ່າຖາມອີກເດີ | ຂ້ອຍບໍ່ຢາກຕອບອີກ | ບໍ່ຕ້ອງສົ່ງຄຳຖາມມາອີກ | ຂ້ອຍບໍ່ມີເວລາ ຢ່າຖາມອີກ | ເຊົາສົ່ງຄຳຖາມມາຫາຂ້ອຍແດ່ |
    i dont want surveys | dont send questions again | no more survey please | please stop asking me questions |
    i am tired of your questions | dont ask me again please | i do not want to answer questions |
    kom pher sar sour nhom tiet | leng chong chlery hery | sour chran pek hery kom sour tiet |
    min bach sour nhom tiet te | bo yak hai tham ik | ya song baep sob tham ma | khoy bo top laew |
    sao tham khoy dai laew | កុំសួរនាំខ្ញុំទៀត | សួរច្រើនពេក ឈប់សួរទៅ | ຢ່າສົ່ງຄຳຖາມມາອີກ | ຖາມຫຼາຍໂພດ ເຊົາຖາມແດ່ |
    no more question please | stop with the questions | please dont send me survey | som bong kom sour nhom teat na |
    chhob pher somnuor mok nhom tov | khoy bo yak top ik laew | ya tham khoy ik dae der | ខ្ញុំមិនចង់ឲ្យសួរទៀតទេ |
    ຂໍບໍ່ຕອບຄຳຖາມອີກ | pls no more questions for me
    """,
    BulkWish.SURVEYS: """
    sour nhom vinh ban | suor khnhom tiet kor ban | ach sour nhom vinh | som sour nhom vinh mok |
    pher somnuor mok vinh | sour nhom ban | tham khoy dai | tham khoy khuen dai | tham khoi ik kor dai |
    song kham tham ma khuen | tham ma dai lei | សួរខ្ញុំទៀតក៏បាន | ផ្ញើសំណួរមកវិញ | អាចសួរខ្ញុំទៀតបាន |
    ខ្ញុំចង់ឆ្លើយសំណួរវិញ | សួរខ្ញុំមកវិញចុះ | ຖາມຂ້ອຍອີກກໍໄດ້ | ສົ່ງຄຳຖາມມາຄືນ | ຖາມຂ້ອຍໄດ້ຄືເກົ່າ |
    ຂ້ອຍຢາກຕອບຄຳຖາມຄືນ | you can send me questions again | ok you can ask me now | send surveys again |
    i want surveys again | please ask me again | i will answer questions again | bong ach sour nhom tiet ban |
    pher somnuor mok nhom vinh ban | tham khoy kor dai | song baep sob tham ma dai | អ្នកអាចសួរខ្ញុំវិញ |
    ສົ່ງແບບສອບຖາມມາໄດ້ | you can ask me questions again | start sending surveys again
    """,
    BulkWish.NO_MONEY: """
    kom romleuk nhom rueng luy | kom rumluek pi luy tiet | som kom pher sar rueng luy | chhob romlerk rerng luy |
    kom sorser mok pi luy tiet | kom prab rueng luy tiet | ya teuan leuang ngern | bo tong teuan leuang ngern ik |
    ya song kho khwam leuang ngern | sao teuan khoy reuang ngeun | bo yak hai teuan leung ngern |
    ya khian ma leuang ngern ik | កុំរំលឹកខ្ញុំរឿងលុយទៀត | សូមកុំផ្ញើសារអំពីលុយមកទៀត | មិនបាច់រំលឹករឿងលុយទេ |
    ឈប់ផ្ញើសាររឿងលុយមកខ្ញុំ | កុំប្រាប់រឿងលុយមកខ្ញុំទៀត | ຢ່າເຕືອນຂ້ອຍເລື່ອງເງິນອີກ | ບໍ່ຕ້ອງບອກເລື່ອງເງິນອີກ |
    ເຊົາສົ່ງຂໍ້ຄວາມເລື່ອງເງິນແດ່ | ກະລຸນາຢ່າສົ່ງເລື່ອງເງິນມາອີກ | ບໍ່ຢາກໄດ້ຂໍ້ຄວາມເລື່ອງເງິນ |
    please stop reminding me about money | dont send me money messages | i dont want reminders of money |
    no more money reminder | dont text me about money my husband reads it | stop messages about money |
    kom pher sms rueng luy mok tiet | som kom romleuk rueng brak tiet | min bach romleuk luy te |
    ya song sms leuang ngern | bo tong bok khoy leuang ngern ik | ឈប់រំលឹកខ្ញុំពីលុយ | កុំផ្ញើសារប្រាប់រឿងលុយ |
    ຢ່າໂທເລື່ອງເງິນ | ບໍ່ຕ້ອງແຈ້ງເລື່ອງເງິນອີກ | stop sending money reminders | dont send reminders about money |
    kom pher sar luy mok nhom tiet | ya teuan ngern khoy ik | ឈប់សារលុយ | ຢ່າສົ່ງຂໍ້ຄວາມເງິນມາ | no money sms please
    """,
    BulkWish.MONEY: """
    romleuk nhom rueng luy vinh | som romlerk pi luy vinh | prab nhom rueng luy vinh kor ban |
    pher sar rueng luy mok vinh | teuan khoy leuang ngern dai | teuan leuang ngern khuen |
    song kho khwam leuang ngern ma khuen | រំលឹកខ្ញុំរឿងលុយវិញ | ផ្ញើសារអំពីលុយមកវិញ | សូមរំលឹករឿងលុយមកខ្ញុំវិញ |
    ເຕືອນຂ້ອຍເລື່ອງເງິນໄດ້ | ສົ່ງຂໍ້ຄວາມເລື່ອງເງິນຄືນ | ຊ່ວຍເຕືອນເລື່ອງເງິນຄືນແດ່ |
    please remind me about money again | you can remind me about the money | send money messages again |
    i want money reminders again | romleuk rueng luy vinh kor ban | bok leuang ngern khuen dai | រំលឹករឿងលុយបានវិញ |
    ແຈ້ງເລື່ອງເງິນຄືນແດ່ | send me money reminders again
    """,
}
OTHERWISE = {
    OwnWish.HIDE_NAME: """
    my name is missing | chmos khnhom ot mean knong banhchi | bo mi seu khoy | គ្មានឈ្មោះខ្ញុំក្នុងបញ្ជី |
    me phum min oy deng tha neak na ban luy | ຊື່ຂ້ອຍຜິດ | agent wrote name wrong |
    nai ban bo bok seu khon dai ngern | min dak chmos nhom te | អត់ដាក់ឈ្មោះខ្ញុំ | ដកឈ្មោះខ្ញុំចេញ | ເອົາຊື່ຂ້ອຍອອກ |
    bo hai sai seu khoy | min chong dak chmos nhom | phit ber khor thot
    """,
    OwnWish.SHOW_NAME: """
    can you show my name on the list | my name ok on the list but no money | i can not see my name |
    kom brab chmos khnhom | ach mean chmos khnhom knong banhchi te | brer chmos khnhom tver ey |
    mephum brab chmos khnhom tov ke | nai ban bok seu khoy hai khon | ya bok seu khoy |
    តើបង្ហាញឈ្មោះខ្ញុំក្នុងបញ្ជីបានទេ | មេភូមិប្រើឈ្មោះខ្ញុំយកលុយ | ນາຍບ້ານໃຊ້ຊື່ຂ້ອຍເອົາເງິນ | ຊື່ຂ້ອຍໃຊ້ບໍ່ໄດ້ |
    dont use my name | the agent used my name | ke brer chmos nhom yok luy | use my name to get money the agent |
    nai ban sai seu khoy | ຊື່ຂ້ອຍອອກແລ້ວບໍ | chmos nhom ban te | bok seu khoy dae | sorser chmos nhom ban hery |
    dak chmos nhom ban hery | sai seu khoy dai laew | can you put my name
    """,
    OwnWish.WHAT_KEPT: """
    who keeps my card | how long until my money comes | what do you know about the new list |
    bank kep luy khnhom yu ponman | who sees the list | តើលុយខ្ញុំនៅឯណា | អ្នកណាទុកកាតខ្ញុំ | ໃຜເກັບບັດຂ້ອຍ |
    ເກັບເງິນເຮັດຫຍັງ | kep ngern nyang | tuk kat nhom yu ponna | my data package finished | neak na deng pi luy |
    kep ngern khoy vai sai | what do you know about the chief | bong dg ey pi banhchi | who can see the list
    """,
    OwnWish.ERASE: """
    delete him from the list | they deleted my name from the list | chief removed my name |
    lub chmos khnhom pi banhchi | ke lub chmos nhom | agent lub sar luy |
    please delete the wrong number and put new one | គេលុបឈ្មោះខ្ញុំចេញពីបញ្ជី | មេភូមិលុបទិន្នន័យខ្ញុំ |
    ហេតុអីលុបឈ្មោះខ្ញុំ | លុបឈ្មោះគាត់ចេញពីបញ្ជី | ລຶບຊື່ຂ້ອຍອອກຈາກບັນຊີ | ເຂົາລຶບຊື່ຂ້ອຍ | nai ban lup seu khoy |
    khao lup khormun khoy | delete my old number and put 012345678 | lub lek chas dak lek thmey |
    ke lub tinnaney nhom pi banhchi | nai ban lup khormun khoy ork | they erased my data from list |
    kom lub chmos nhom | ya lup seu khoy | dont delete my data | កុំលុបទិន្នន័យខ្ញុំ | ຢ່າລຶບຂໍ້ມູນຂ້ອຍ
    """,
    OwnWish.OTHER_PERSON: """
    my phone is broken | somebody else got my money | another person took my card | nak pseng yok luy khnhom |
    ke luoch tourosap nhom | tourosap nhom khoch | ទូរស័ព្ទខ្ញុំខូច | អ្នកផ្សេងបានលុយតែខ្ញុំអត់ |
    គេលួចទូរស័ព្ទបងខ្ញុំ | ຄົນອື່ນໄດ້ເງິນ | ໂທລະສັບຂ້ອຍເສຍ | khon eun dai ngern khoy bo dai | tholasap khoy phae |
    my husband took my phone | i am not him who asked money
    """,
    BulkWish.NO_SURVEYS: """
    the chief never asks us | stop asking me for money | chief stop asking me for money | nobody asks me |
    do not ask me for money | mephum ot sour yg te | kom sour luy nhom | me phum kom sour tiet luy kat |
    som suor tiet | nhom jong suor | មេភូមិមិនដែលសួរខ្ញុំ | គ្មានអ្នកណាសួរខ្ញុំទេ | កុំសួររកលុយខ្ញុំ | សូមសួរបន្តិច |
    ນາຍບ້ານບໍ່ເຄີຍຖາມ | ຂໍຖາມອີກ | ບໍ່ມີໃຜຖາມຂ້ອຍ | khor tham ik | nai ban bo tham khoy | yak tham ik |
    bo hu si tham phai | kom sour nhom, sour me phum vinh | ya tham ngern khoy | dont ask me why i am poor |
    stop asking money | ke chhob sour hery | khao sao tham laew | កុំសួរច្រើន | ហាមសួរ | nhom min chong sour te |
    khao ham tham | bo yak tham
    """,
    BulkWish.SURVEYS: """
    ask again when money comes | can i ask again | i ask again where is my money | they ask me again and again |
    ask the chief again | nhom sour vinh | sour mephum vinh | som sour tiet | khor tham ik | tham nai ban khuen |
    khoy tham khuen laew | ខ្ញុំសួរម្ដងទៀត | សួរមេភូមិវិញទៅ | ຂ້ອຍຖາມຄືນ | ຖາມນາຍບ້ານໄດ້ບໍ | ຂ້ອຍຖາມໄດ້ບໍ |
    khoy tham dai bor | nhom sour ban te | sour nhom teat | tham khao dai bo | ask me anything
    """,
    BulkWish.NO_MONEY: """
    no money came | stop cutting my money | they dont tell me about money | nobody reminded me about the money |
    kom kat luy nhom | me phum kom niyay rueng luy | ke ot prab rueng luy | luy min ton mok kom bomphlech |
    ya tat ngern khoy | nai ban bo bok leuang ngern | មេភូមិមិនប្រាប់រឿងលុយ | កុំយកលុយខ្ញុំ | កុំភ្លេចរឿងលុយ |
    ຢ່າເອົາເງິນຂ້ອຍ | ນາຍບ້ານຢ່າເວົ້າເລື່ອງເງິນ | ບໍ່ບອກເລື່ອງເງິນ | ບໍ່ໄດ້ຮັບຂໍ້ຄວາມເລື່ອງເງິນ |
    no message about money | bo yak bok leuang ngern | min chong prab rueng luy | ke chhob pher luy | kom pher luy
    """,
    BulkWish.MONEY: """
    remind the chief about my money | send money again | pher luy mok vinh | oy luy vinh | song ngern ma khuen |
    ao ngern khuen | ផ្ញើលុយមកវិញ | ສົ່ງເງິນຄືນ | ເອົາເງິນຄືນ | prab rueng luy te | who reminds me about money
    """,
}
COMING = {
    True: """
    nhom mok | khnhom nung mok | mok ban bong | cha mok | bat nhom tov | nhom tov brochum | nhom jol roum |
    nhom mok bat  | nhom mok jea muoy kon | mok | khoy ma | khoy si ma der | ma dai | chao khoy ma | khoy si pai hap |
    khoy pai dai | khao huam der | ma khrap | ចាស ខ្ញុំនឹងមកណាបង | ខ្ញុំមកបានបាទ | បាទខ្ញុំទៅ | ខ្ញុំទៅប្រជុំ |
    ខ្ញុំនឹងទៅចូលរួមប្រជុំ | យើងទៅទាំងអស់គ្នា | ខ្ញុំមកជាមួយប្ដី | ໂດຍ ຂ້ອຍຈະມາເດີ | ຂ້ອຍຊິໄປປະຊຸມ | ຂ້ອຍມາກັບຜົວ |
    ຂ້ອຍຈະໄປຮ່ວມ | ມາໄດ້ເຈົ້າ | i can go | yes i will join | ok i come bong | i will attend the meeting |
    me and my husband will come | i will go to meeting | we are coming | nhom neng mok | tngai nus nhom tov |
    bat nhom nung tov chol ruom | jas mok | khoy cha pai | khoy ma dai der | khoy pai nam | si pai der | ma naenon |
    ខ្ញុំនឹងទៅណា | ថ្ងៃស្អែកខ្ញុំមក | ពិតជាមក | ຂ້ອຍຊິມາແນ່ນອນ | ຂ້ອຍໄປນຳ | ມື້ອື່ນຂ້ອຍມາ | i will be coming |
    yes we can come | sure i come | i will come tomorrow | bat mok bong | nhom tov jea muoy kon |
    khoy si pai prasum nam mae | ok khoy pai | យើងមកទាំងពីរ | ໄປແນ່ນອນ | sure, i will be there
    """,
    False: """
    khnhom mok min ban | nhom mok ot ban te | nhom mn mok te | nhom robol mok min ban | mok ot kert te kon chheu |
    nhom tov min ban bong | ot mok te | jol roum min ban | khoy ma bo dai | ma bor dai der | khoy bo ma |
    khoy khong kha viak | khoy pai bor dai, luk chep | khoy si bo pai | bo wang ma bo dai | ខ្ញុំរវល់មកមិនបានទេ |
    កូនខ្ញុំឈឺ ខ្ញុំមកមិនបានទេ | ខ្ញុំទៅមិនរួចទេបង | សុំទោស ថ្ងៃនោះខ្ញុំមកអត់បាន | អត់ទៅទេ ឆ្ងាយពេក |
    មិនអាចចូលរួមបានទេ | ຂ້ອຍໄປບໍ່ໄດ້ ລູກເຈັບ | ຂ້ອຍບໍ່ວ່າງມາບໍ່ໄດ້ | ມື້ນັ້ນຂ້ອຍມາບໍ່ໄດ້ເດີ | ໄປບໍ່ໄດ້ ທາງໄກ |
    ຂ້ອຍຄາວຽກໄປບໍ່ໄດ້ | i cannot come because my child is sick | sorry i am busy | i cant come i am working |
    no i cannot join | i am not able to come | can not come, too far | i will not attend | nhom jab rovol tov ot ban |
    sa'ek nhom mok ot ban te | ot tov te, chngay | nhom chheu mok min ruoch | mok min dach te robol pek |
    khoy nyung bo dai pai | mue eun khoy ma bo dai | luk bo sabai khoy ma bo dai | khoy bo pai der | ស្អែកខ្ញុំរវល់ |
    ខ្ញុំមិនបានទៅទេ | ខ្ញុំឈឺ ទៅមិនរួច | ມື້ອື່ນຂ້ອຍຄາວຽກ | ຂ້ອຍເຈັບ ໄປບໍ່ໄດ້ | sorry cannot come tomorrow |
    i am sick i cannot come | cant go no transport | i have work that day cannot come | sum tos nhom tov min ban te |
    nhom ot tov te prous robol | khoy pai bo dai fon tok | bor pai der khong kha viak | ខ្ញុំសុំមិនចូលរួម |
    ຂ້ອຍໄປຮ່ວມບໍ່ໄດ້ | we will not come, rain
    """,
}
NOT_SO = {
    True: """
    my mother came | the money came | the agent came yesterday | is the money coming | i come from ratanakiri |
    mak nhom mok | luy mok | luy mok hery | kat mok | nhom mok pi srok | agent mok ban | mae khoy ma | ngern ma laew |
    khao ma | ມ່ ຂ້ອຍມາແຕ່ເຊົ້າ ເງິນບໍ່ມີ | ເງິນມາແລ້ວ | ແມ່ຂ້ອຍມາ | លុយមកហើយ | ម្ដាយខ្ញុំមក | គាត់មក |
    ខ្ញុំមកយកលុយអត់បាន | nhom mok yok luy ot ban | khoy ma ao ngern bo dai | khoy pai thanakhan laew bo dai ngern |
    i came to the office but closed | when will you come | i will come to your office to complain about the chief |
    khnhom tov thai | khoy pai thai | nhom mok vinh hery | tov na | ma tae sai | kon nhom tov rean |
    luk khoy pai hian
    """,
    False: """
    she cannot come because she is sick | the agent does not come | money not coming | luy min mok te |
    agent ot mok te | mephum min mok | kat mok min ban | ngern bo ma | nai ban bo ma | khao ma bo dai | លុយមិនមកទេ |
    គ្រូមិនមកទេ | គាត់មកមិនបានទេ | ເງິນບໍ່ມາ | ນາຄູບໍ່ມາ | ລາວມາບໍ່ໄດ້ | nhom tov yok luy min ban |
    khoy pai ao ngern bo dai | i cant go to bank because chief took my card | ខ្ញុំទៅដកលុយមិនបាន |
    ຂ້ອຍໄປເອົາເງິນບໍ່ໄດ້ | i cannot come to get money, agent wants 20000 | kru min mok | luy ot mok te |
    ot mok luy te | ngern bo ma thuea | teuk ot mok | mor bo ma
    """,
}
WITHDRAWN = """
    nhom dok rueng vinh | som dok reung vinh | lerng yok rueng nis hery | nhom leng yok tiet hery |
    min bach dos sray te | ot bach jouy tiet te bong | chob tver rueng nis tov | min yok te hery | khor thon leuang |
    khoy thon reuang khuen | bo ao leuang ni laew | khoy bo ao laew | bo tong kae khai laew | nyok leuk leuang dae |
    ខ្ញុំសុំដកបណ្ដឹងវិញ | សុំបញ្ឈប់រឿងនេះ | មិនបាច់ទេ ដោះស្រាយរួចហើយ | ខ្ញុំលែងប្ដឹងហើយ | ខ្ញុំឈប់តវ៉ាហើយ |
    សុំបោះបង់រឿងនេះ | ដកពាក្យបណ្ដឹងវិញផងបង | ຂ້ອຍຖອນຄຳຮ້ອງ | ຂໍຍົກເລີກຄຳຮ້ອງທຸກ | ບໍ່ຕ້ອງຊ່ວຍແລ້ວ ແກ້ໄດ້ແລ້ວ |
    ຂ້ອຍບໍ່ຮ້ອງທຸກແລ້ວ | ບໍ່ເອົາເລື່ອງແລ້ວເດີ | i want to withdraw my complaint | please cancel my report |
    i dont need help any more, it is solved | stop my case | no need to solve it | please forget about my complaint |
    i dont want to complain any more | nhom min bdeng tiet te | som dok bondeng vinh | nhom chhob bdeng hery |
    min bach jouy te dos sray hery | kom tver tiet rueng nis | khor thon kham hong | khoy sao fong laew |
    bo tong kae laew di laew | bo ao leuang laew der | ខ្ញុំមិនប្ដឹងទៀតទេ | សុំដករឿងចេញ | បញ្ចប់រឿងនេះទៅ |
    ຂ້ອຍບໍ່ເອົາເລື່ອງນີ້ແລ້ວ | ຂໍຖອນຄຳຮ້ອງທຸກ | ຍົກເລີກຄຳຮ້ອງຂ້ອຍແດ່ | i take back my complaint |
    please close it, it is solved | i want to cancel my complaint | nhom sum dok peak bdeng |
    ot bach tver te rueng nis | lerng bdeng hery bong | khor yok leuk kham hong der | bo fong laew der |
    ខ្ញុំមិនតវ៉ាទៀតទេ | ຂ້ອຍຖອນຟ້ອງ | please cancel it, solved already
"""
KEPT = """
    i withdraw my savings | i want to withdraw my money | cannot withdraw | they cancel my card |
    chief told me to drop it | dok luy min ban | nhom dok luy | som dok luy pi krom | dok chmos nhom |
    leng ban luy hery | me phum oy nhom dok rueng | thon ngern bo dai | khor thon ngern |
    khoy bo ao ngern laew tae khao bangkhap | khao bo ao khoy | ខ្ញុំដកលុយវិញ | គេដកឈ្មោះខ្ញុំ |
    មេភូមិឲ្យខ្ញុំដកពាក្យ | លែងបានលុយហើយ | ຂໍຖອນເງິນ | ຂ້ອຍຖອນເງິນບໍ່ໄດ້ | ເຂົາບໍ່ເອົາຂ້ອຍ | ນາຍບ້ານໃຫ້ຖອນເລື່ອງ |
    no need for this well we need school | they dont want me any more | never mind the money, he beats me |
    me phum tha kom bdeng tiet | khao bo hai fong | som dok luy 20 mern | khor thon seu | ke min dos sray te |
    bo kae khai chak theua | ot dos sray
    stop it | not yet | ban hery, chob reung | chas chob rueng haey
"""


def listed(block: str) -> list[str]:
    return [each.strip() for each in block.replace("\n", " ").split("|") if each.strip()]


def wish_of(text: str) -> OwnWish | BulkWish | None:
    return own_wish(text) or bulk_wish(text)


def test_wishes_are_heard_however_they_are_spelled() -> None:
    assert [text for wish, said in WISHED.items() for text in listed(said) if wish_of(text) is not wish] == []


def test_complaints_in_the_same_words_are_no_wishes() -> None:
    assert [text for wish, said in OTHERWISE.items() for text in listed(said) if wish_of(text) is wish] == []


def test_who_comes_says_so_and_may_say_why_not() -> None:
    assert [text for comes, said in COMING.items() for text in listed(said) if says_coming(text) is not comes] == []


def test_that_others_or_money_come_is_no_answer() -> None:
    assert [text for comes, said in NOT_SO.items() for text in listed(said) if says_coming(text) is comes] == []


def test_a_matter_is_taken_back_in_many_words() -> None:
    assert [text for text in listed(WITHDRAWN) if not says_withdraw(text)] == []


def test_money_and_names_taken_out_take_no_matter_back() -> None:
    assert [text for text in listed(KEPT) if says_withdraw(text)] == []


def test_with_a_complaint_beside_it_a_wish_is_none() -> None:
    said = ("delete my data because the agent took my money", "kom sour tiet, me phum yok luy nhom",
            "ຢ່າຖາມອີກ ນາຍບ້ານເອົາເງິນ", "លុបទិន្នន័យខ្ញុំ ប្ដីវាយខ្ញុំ", "khoy ma bo dai nai ban ao ngern khoy")  # fmt: skip
    assert [text for text in said if wish_of(text) or says_coming(text) is not None or says_withdraw(text)] == []
