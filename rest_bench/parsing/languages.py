"""The words that reading knows in other languages than English (reading.md rule 17): one row for each language.

A row holds words, not sentences; how they are put together is the business of `answer_lines` and `numbering`. Letters
are lower case; marks that nobody sees are left out of the words as of every text that is read.
"""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from rest_bench.parsing.plain import without_marks


class Language(NamedTuple):
    """The words of one language, several in a string divided by `|`."""

    questions: str
    """Nouns that a number makes the name of a question."""
    answers: str
    """`answer`, as it stands before the letter."""
    right: str = ""
    """`correct`, before or behind the noun."""
    links: str = ""
    """What stands between the noun and the letter: verbs and particles."""
    options: str = ""
    """`option`, `letter`: with a word for correct they announce an answer, and they may stand before any letter."""
    articles: str = ""
    """Further words that may stand before the letter."""
    wrong: str = ""
    """`wrong`, before the noun: no answer is announced."""
    denials: str = ""
    """Behind the letter: the sentence says that it is not the answer."""
    joiners: str = ""
    """`or` and `and` between two letters."""
    because: str = ""
    """What goes on behind a letter that is an answer."""


LANGUAGES: dict[str, Language] = {
    "ar": Language(
        "السؤال|سؤال|المسألة|مسألة|التمرين|تمرين|س",
        "الإجابة|الاجابة|إجابة|اجابة|الجواب|جواب|إجابتي|الحل",
        "الصحيحة|الصحيح|صحيحة|صحيح|النهائية|النهائي|الأصح|الصائبة",
        "هي|هو|تكون|يكون|كانت",
        "الخيار|خيار|الاختيار|اختيار|الحرف|حرف|البديل",
        wrong="غير|الخاطئة|الخاطئ|الخطأ|ليست|ليس",
        denials="ليس|ليست|غير صحيح|غير صحيحة|خاطئ|خاطئة|خطأ",
        joiners="أو|او|و",
        because="لأن|لان|حيث",
    ),
    "bg": Language(
        "въпрос|задача",
        "отговор|отговорът|отговора",
        "верният|верния|верен|правилният|правилния|правилен|правилно|окончателният",
        "е|ще бъде",
        "вариант|вариантът|опция|буква",
        wrong="грешният|грешен|неверният|неверен|неправилният|неправилен",
        denials="не е|е грешен|е грешно|е неверен|е неправилен",
        joiners="или|и",
        because="защото|тъй като",
    ),
    "bn": Language(
        "প্রশ্ন|প্রশ্ন নং|সমস্যা",
        "উত্তর|উত্তরটি|উত্তরটা|জবাব",
        "সঠিক|সঠিক উত্তর|চূড়ান্ত|শুদ্ধ",
        "হল|হলো|হচ্ছে|হবে",
        "বিকল্প|বিকল্পটি|অপশন",
        wrong="ভুল|বেঠিক",
        denials="নয়|নয়|না|ভুল|হবে না|সঠিক নয়|সঠিক নয়",
        joiners="বা|অথবা|এবং|ও|কিংবা",
        because="কারণ|যেহেতু",
    ),
    "ca": Language(
        "pregunta|qüestió|problema|exercici",
        "resposta",
        "correcta|correcte|final|encertada",
        "és|seria",
        "opció|lletra|alternativa",
        "la|l'|el",
        wrong="incorrecta|falsa",
        denials="no és|és incorrecta|és falsa",
        joiners="o|i",
        because="perquè|ja que",
    ),
    "cs": Language(
        "otázka|úloha|příklad|cvičení",
        "odpověď|odpovědí|odpovědí je|řešení",
        "správná|správnou|správně|správné|konečná|finální",
        "je|zní|bude",
        "možnost|varianta|písmeno|volba",
        wrong="špatná|nesprávná|chybná|špatnou|nesprávnou",
        denials="není|je špatně|je nesprávná|je chybná|je špatná|neplatí",
        joiners="nebo|anebo|a|i",
        because="protože|neboť|jelikož",
    ),
    "da": Language(
        "spørgsmål|opgave",
        "svar|svaret",
        "rigtige|korrekte|rigtigt|korrekt|endelige",
        "er|må være|bliver",
        "mulighed|svarmulighed|valgmulighed|bogstav|valg",
        "det|den",
        wrong="forkerte|forkert|ukorrekte|gale",
        denials="er ikke|er forkert|er ukorrekt|er galt",
        joiners="eller|og",
        because="fordi|da|eftersom",
    ),
    "de": Language(
        "frage|aufgabe|übung|problem",
        "antwort|endantwort|antwortmöglichkeit",
        "richtige|korrekte|richtig|korrekt|finale|endgültige|beste|zutreffende|richtige und beste",
        "ist|lautet|wäre|heißt|ist demnach|ist also|ist daher|ist somit|lautet daher|lautet also|lautet somit",
        "option|antwortoption|möglichkeit|buchstabe|alternative|auswahl|antwort|lösung|aussage",
        "die|der|das",
        wrong="falsche|inkorrekte|unrichtige|falsch|keine|keine richtige",
        denials="ist falsch|ist nicht|ist inkorrekt|ist keine|kann nicht|stimmt nicht|nicht",
        joiners="oder|und|bzw.",
        because="weil|denn|da",
    ),
    "el": Language(
        "ερώτηση|άσκηση|πρόβλημα|θέμα|ερώτημα",
        "απάντηση",
        "σωστή|ορθή|τελική|σωστό|σωστότερη",
        "είναι|αποτελεί",
        "επιλογή|γράμμα",
        "η|το|ο",
        wrong="λανθασμένη|λάθος|εσφαλμένη",
        denials="δεν είναι|είναι λάθος|είναι λανθασμένη|δεν ισχύει",
        joiners="ή|και",
        because="διότι|γιατί|επειδή",
    ),
    "es": Language(
        "pregunta|problema|ejercicio|cuestión|tarea",
        "respuesta",
        "correcta|correcto|final|verdadera|adecuada",
        "es|sería|será|debe ser|está en",
        "opción|letra|alternativa|inciso|literal|respuesta|solución|afirmación",
        "la|el|a",
        wrong="incorrecta|falsa|errónea|equivocada",
        denials="no es|no puede|es incorrecta|es incorrecto|es falsa|es errónea|está mal|no",
        joiners="o|u|y|e",
        because="porque|ya que|pues|debido|dado",
    ),
    "et": Language("küsimus|ülesanne", "vastus", "õige|lõplik", "on", "variant|täht", wrong="vale", denials="ei ole"),
    "fa": Language(
        "سوال|سؤال|پرسش|مسئله|تمرین",
        "پاسخ|جواب",
        "صحیح|درست|نهایی",
        "برابر است با|عبارت است از|است",
        "گزینه|گزینهی|گزینه ی|حرف|مورد",
        wrong="نادرست|غلط|اشتباه|ناصحیح",
        denials="نیست|نمیباشد|نمی باشد|اشتباه|غلط|نادرست",
        joiners="یا|و",
        because="زیرا|چون|چرا که",
    ),
    "fi": Language(
        "kysymys|tehtävä|ongelma",
        "vastaus|vastaukseni|vastauksena",
        "oikea|lopullinen",
        "on|olisi",
        "vaihtoehto|kirjain",
        wrong="väärä|virheellinen",
        denials="ei ole|on väärä|on väärin|on virheellinen",
        joiners="tai|ja",
        because="koska|sillä",
    ),
    "fr": Language(
        "question|problème|probleme|exercice|tâche",
        "réponse|reponse",
        "correcte|exacte|juste|finale|bonne|correct",
        "est|serait|sera|est donc",
        "option|lettre|proposition|choix|réponse|solution|affirmation",
        "la|l'|l’|le|donc|à|bien",
        wrong="mauvaise|incorrecte|fausse",
        denials="n'est pas|n’est pas|est fausse|est incorrecte|est faux|est incorrect|ne|est mauvaise",
        joiners="ou|et",
        because="car|parce|puisque",
    ),
    "he": Language(
        "שאלה|בעיה|תרגיל|משימה",
        "תשובה|התשובה|תשובתי|פתרון",
        "הנכונה|נכונה|הסופית|סופית",
        "היא|הינה",
        "אפשרות|האפשרות|האות|אות|סעיף",
        wrong="שגויה|השגויה|לא",
        denials="לא|שגויה|אינה|איננה|אינו",
        joiners="או|ו",
        because="כי|מכיוון",
    ),
    "hi": Language(
        "प्रश्न|सवाल|समस्या|प्रश्न संख्या",
        "उत्तर|जवाब|उत्तर विकल्प",
        "सही|अंतिम|सटीक",
        "है|होगा|यह है|हैं",
        "विकल्प|ऑप्शन|अक्षर",
        wrong="गलत|ग़लत|असत्य",
        denials="नहीं|नही|गलत|ग़लत|सही नहीं",
        joiners="या|और|अथवा",
        because="क्योंकि|चूंकि",
    ),
    "hr": Language(
        "pitanje|zadatak|problem",
        "odgovor",
        "točan|ispravan|tačan|konačan|konačni|pravilan|točni",
        "je|glasi|bi bio",
        "opcija|slovo",
        "pod",
        wrong="netočan|pogrešan|netačan|neispravan",
        denials="nije|je netočan|je pogrešan|je netačan",
        joiners="ili|i",
        because="jer|zato",
    ),
    "hu": Language(
        "kérdés|feladat|probléma",
        "válasz|megoldás|válaszom",
        "helyes|végső|jó",
        "tehát",
        "opció|lehetőség|betű|válasz",
        "a|az|az alábbi",
        wrong="helytelen|rossz|hibás|nem",
        denials="nem|helytelen|hibás|rossz",
        joiners="vagy|és",
        because="mert|mivel",
    ),
    "id": Language(
        "soal|pertanyaan|nomor|masalah|soal nomor",
        "jawaban|jawabannya|jawaban akhir|jawaban saya",
        "benar|yang benar|tepat|yang tepat|paling tepat|yang paling tepat|akhir",
        "adalah|ialah|yaitu|yakni",
        "pilihan|opsi|huruf",
        wrong="salah|yang salah|bukan",
        denials="adalah salah|salah|bukan|tidak|adalah jawaban yang salah",
        joiners="atau|dan",
        because="karena|sebab",
    ),
    "it": Language(
        "domanda|quesito|problema|esercizio",
        "risposta",
        "corretta|giusta|esatta|finale|corretto",
        "è|e'|é|sarebbe|sarà|è quindi",
        "opzione|lettera|alternativa|risposta|soluzione|affermazione",
        "la|l'|l’|il|quindi",
        wrong="sbagliata|errata|scorretta|falsa",
        denials="non è|è sbagliata|è errata|è falsa|è sbagliato|non",
        joiners="o|oppure|e",
        because="perché|poiché|dato",
    ),
    "ja": Language(
        "問題|問|設問|質問|例題|練習問題",
        "答え|答|正解|解答|回答|正答|最終解答|最終回答|最終的な答え|正しい答え|正しい選択肢|正解の選択肢|解",
        "正しい|最終",
        "は|が|として",
        "選択肢|記号|選択",
        wrong="間違った|間違いの|誤った|不正解の|誤りの",
        denials="ではな|ではあり|じゃな|は間違|は誤|は不正解|が誤り|は正しくな|でな",
        joiners="または|もしくは|と|か|及び|および|あるいは",
    ),
    "ko": Language(
        "문제|질문|문항|물음|문",
        "답|정답|답변|최종 답|최종 답변|최종답|답안|해답|올바른 답|올바른 선택|맞는 답",
        "올바른|최종|정확한",
        "은|는|이|가|으로",
        "보기|선택지|옵션|선지|선택",
        wrong="틀린|잘못된|오답|아닌",
        denials="가 아니|이 아니|아니|아닙|아님|는 틀|은 틀|은 아니|는 아니|이 아닙|가 아닙|번이 아",
        joiners="또는|이나|나|와|과|혹은|및",
    ),
    "lt": Language(
        "klausimas|uždavinys", "atsakymas", "teisingas|galutinis", "yra", "variantas|raidė", wrong="neteisingas"
    ),
    "lv": Language("jautājums|uzdevums", "atbilde", "pareizā|pareiza|galīgā", "ir", "variants", wrong="nepareizā"),
    "ms": Language(
        "soalan|masalah",
        "jawapan|jawapannya|jawapan akhir",
        "betul|yang betul|tepat|yang tepat|sebenar|akhir",
        "ialah|adalah|iaitu",
        "pilihan|huruf",
        wrong="salah|yang salah|bukan",
        denials="adalah salah|salah|bukan|tidak",
        joiners="atau|dan",
        because="kerana",
    ),
    "nl": Language(
        "vraag|opgave|probleem|oefening",
        "antwoord|eindantwoord",
        "juiste|correcte|goede|uiteindelijke|juist|correct",
        "is|luidt|is dus",
        "optie|letter|keuze|antwoord|antwoordoptie",
        "de|het",
        wrong="foute|verkeerde|onjuiste|incorrecte|fout|geen",
        denials="is niet|is fout|is onjuist|is verkeerd|is incorrect|kan niet",
        joiners="of|en",
        because="omdat|want|aangezien",
    ),
    "no": Language(
        "spørsmål|oppgave",
        "svar|svaret",
        "riktige|korrekte|rette|riktig|korrekt|rett|endelige",
        "er|må være|blir",
        "alternativ|bokstav|svaralternativ|alternativet",
        "det|den",
        wrong="feil|gale|uriktige",
        denials="er ikke|er feil|er galt",
        joiners="eller|og",
        because="fordi|ettersom",
    ),
    "pl": Language(
        "pytanie|zadanie|problem|ćwiczenie",
        "odpowiedź|odpowiedzią|odpowiedz",
        "prawidłowa|poprawna|właściwa|prawidłową|poprawną|właściwą|ostateczna|końcowa|dobra",
        "to|jest|brzmi|jest to|będzie",
        "opcja|wariant|litera|możliwość|odpowiedź",
        wrong="błędna|niepoprawna|nieprawidłowa|zła|fałszywa|błędną|niepoprawną",
        denials="nie jest|jest błędna|jest niepoprawna|jest nieprawidłowa|jest fałszywa|nie",
        joiners="lub|albo|oraz|i|czy",
        because="ponieważ|bo|gdyż",
    ),
    "pt": Language(
        "pergunta|questão|questao|problema|exercício|exercicio|tarefa",
        "resposta|gabarito",
        "correta|certa|final|correcta|verdadeira",
        "é|está|seria|será|é a letra|é portanto",
        "opção|letra|alternativa|item|resposta|solução|afirmativa",
        "a|o|à",
        wrong="incorreta|errada|falsa",
        denials="não é|está errada|é incorreta|é errada|é falsa|está incorreta|não",
        joiners="ou|e",
        because="porque|pois|já",
    ),
    "ro": Language(
        "întrebarea|întrebare|intrebarea|problema|exercițiul|exerciţiul",
        "răspuns|răspunsul|raspuns|raspunsul",
        "corect|corectă|final|corecta|adevărat",
        "este|e|ar fi|va fi",
        "varianta|opțiunea|opţiunea|litera|variantă",
        wrong="greșit|greşit|incorect|fals|greșită",
        denials="nu este|nu e|este greșit|este greșită|este incorect|nu",
        joiners="sau|și|şi",
        because="deoarece|pentru că|fiindcă",
    ),
    "ru": Language(
        "вопрос|задача|задание|упражнение|пример",
        "ответ|ответом|ответ на вопрос",
        "правильный|верный|правильным|верным|окончательный|итоговый|правильно|верно",
        "является|будет|это|есть|— это|- это",
        "вариант|вариант ответа|опция|буква|буквой|под буквой|утверждение|решение",
        "под",
        wrong="неправильный|неверный|ошибочный|неправильным|неверным|не",
        denials="не является|неверен|неправильный|неверный|ошибочный|не верен|не подходит|неверно|неправильно|не",
        joiners="или|и|либо",
        because="потому|так как|поскольку|ведь",
    ),
    "sk": Language(
        "otázka|úloha|príklad",
        "odpoveď|odpoveďou",
        "správna|správnou|konečná",
        "je|znie",
        "možnosť|variant|písmeno",
        wrong="nesprávna|zlá|chybná",
        denials="nie je|je nesprávna",
        joiners="alebo|a",
        because="pretože|lebo",
    ),
    "sl": Language(
        "vprašanje|naloga",
        "odgovor",
        "pravilen|pravilni|končni",
        "je|se glasi",
        "možnost|črka",
        wrong="napačen|napačni|nepravilen",
        denials="ni|je napačen",
        joiners="ali|in",
        because="ker",
    ),
    "sr": Language(
        "питање|задатак",
        "одговор",
        "тачан|исправан|коначан",
        "је|гласи",
        "опција|слово",
        wrong="нетачан|погрешан",
        denials="није",
        joiners="или|и",
        because="јер",
    ),
    "sv": Language(
        "fråga|uppgift|problem|övning",
        "svar|svaret",
        "rätta|korrekta|rätt|korrekt|riktiga|slutgiltiga",
        "är|blir|måste vara",
        "alternativ|alternativet|svarsalternativ|bokstav|bokstaven",
        "det|den",
        wrong="fel|felaktiga|felaktigt|felaktig",
        denials="är fel|är inte|är felaktigt",
        joiners="eller|och",
        because="eftersom|därför|för",
    ),
    "sw": Language(
        "swali|swali la|zoezi|tatizo",
        "jibu|jawabu|majibu",
        "sahihi|lililo sahihi|sahihi zaidi|la mwisho|lililosahihi",
        "ni",
        "chaguo|herufi|chaguo la",
        wrong="lisilo sahihi|si|siyo",
        denials="si|sio|siyo|si sahihi|sio sahihi|ni mbaya",
        joiners="au|na",
        because="kwa sababu|kwani",
    ),
    "ta": Language(
        "கேள்வி|வினா|கணக்கு",
        "பதில்|விடை|பதிலானது",
        "சரியான|இறுதி",
        "ஆகும்|என்பது",
        "விருப்பம்|தெரிவு|தேர்வு",
        wrong="தவறான",
        denials="அல்ல|இல்லை|தவறு|தவறான",
        joiners="அல்லது|மற்றும்",
        because="ஏனெனில்",
    ),
    "te": Language(
        "ప్రశ్న|సమస్య",
        "సమాధానం|జవాబు|సమాధానము",
        "సరైన|తుది|సరియైన",
        "అనేది|ఏమిటంటే",
        "ఎంపిక|ఐచ్ఛికం|ఆప్షన్",
        wrong="తప్పు|సరికాని",
        denials="కాదు|తప్పు",
        joiners="లేదా|మరియు",
        because="ఎందుకంటే",
    ),
    "th": Language(
        "คำถามที่|คำถาม|ข้อที่|ข้อ|โจทย์|โจทย์ข้อที่|โจทย์ข้อ|ปัญหา",
        "คำตอบ|ตอบ|เฉลย|คำตอบสุดท้าย|ข้อที่ถูกต้อง|ข้อที่ถูก|ตัวเลือกที่ถูกต้อง",
        "ที่ถูกต้อง|ที่ถูก|ถูกต้อง|สุดท้าย|ที่ถูกต้องที่สุด",
        "คือ|เป็น|ได้แก่",
        "ตัวเลือก|ข้อ|ตัวเลือกที่",
        wrong="ไม่ใช่",
        denials="ไม่ใช่|ไม่ถูก|ผิด|เป็นคำตอบที่ผิด",
        joiners="หรือ|และ|กับ",
        because="เพราะ|เนื่องจาก",
    ),
    "tl": Language(
        "tanong|suliranin|katanungan",
        "sagot|kasagutan",
        "tamang|tama|wastong|huling|pinal na",
        "ay|ay ang",
        "opsyon|opsiyon|titik|letrang|letra|pagpipilian",
        "ang",
        wrong="maling|mali|hindi",
        denials="ay mali|ay hindi|hindi|mali",
        joiners="o|at|o kaya",
        because="dahil|sapagkat",
    ),
    "tr": Language(
        "soru|problem|alıştırma",
        "cevap|yanıt|cevabı|yanıtı|cevabım|yanıtım|cevabımız",
        "doğru|nihai|son|kesin",
        "şudur|şu",
        "seçenek|şık|seçeneği|şıkkı|harfi",
        wrong="yanlış|hatalı",
        denials="değil|değildir|yanlış|yanlıştır|olamaz|hatalı|seçeneği değil|şıkkı değil",
        joiners="veya|ya da|ve|yahut",
        because="çünkü",
    ),
    "uk": Language(
        "питання|завдання|задача|запитання|вправа",
        "відповідь|відповіддю",
        "правильна|вірна|правильною|вірною|остаточна|кінцева|правильний",
        "є|це|буде|— це",
        "варіант|опція|літера|буква|варіант відповіді|буквою|літерою",
        "під",
        wrong="неправильна|невірна|хибна|помилкова|не",
        denials="не є|неправильна|невірна|хибна|неправильний|не",
        joiners="або|чи|і|та|й",
        because="тому|оскільки|бо",
    ),
    "ur": Language(
        "سوال|مسئلہ|سوال نمبر",
        "جواب|صحیح جواب|درست جواب",
        "صحیح|درست|حتمی",
        "ہے|ہوگا|یہ ہے",
        "آپشن|اختیار|حرف",
        wrong="غلط|نادرست",
        denials="نہیں|غلط|درست نہیں|صحیح نہیں",
        joiners="یا|اور",
        because="کیونکہ",
    ),
    "vi": Language(
        "câu hỏi|câu|bài|bài toán|bài tập",
        "câu trả lời|đáp án|trả lời|kết quả|lời giải|phương án|đáp số|chọn",
        "đúng|chính xác|cuối cùng|đúng nhất",
        "là|sẽ là|phải là|chính là",
        "đáp án|lựa chọn|phương án|chữ cái",
        wrong="sai|không",
        denials="là sai|sai|không đúng|không phải|không|là không",
        joiners="hoặc|và|hay",
        because="vì|bởi",
    ),
    "yo": Language(
        "ìbéèrè|ibeere",
        "ìdáhùn|idahun|idáhùn|àdáhùn|àmọ̀nà|ànúgọ|àṣàyàn|èsì",
        "tó tọ́|tó tọ̀nà|tó pé|to tọ|to to|náà|naa",
        "ni|jẹ́|jẹ",
        "àṣàyàn|lẹ́tà",
        wrong="tí kò tọ́",
        denials="kọ́|kò|kì í",
        joiners="tàbí|àti",
        because="nítorí",
    ),
    "zh": Language(
        "问题|問題|题目|題目|质问|題|题|问|問|试题|試題|习题|習題|考题|练习|練習|任务",
        "答案|回答|解答|答复|答覆|答曰|答|正确选项|正確選項|正确答案|正確答案|最终答案|最終答案|我的答案|正确的是|正確的是",
        "正确|正確|正确的|正確的",
        "是|为|為|就是|应为|應為|应该是|應該是|应是|應是|选|選|选择|選擇|即|应选|應選",
        "选项|選項|字母",
        wrong="错误|錯誤|错误的|錯誤的|不正确的|不正確的|错|非",
        denials="不对|不對|是错|是錯|错误|錯誤|不正确|不正確|是不正|不成立|不是|并不|並不",
        joiners="或|或者|和|与|與|及",
        because="因为|因為",
    ),
    # Answer lines and labels alone.
    "am": Language("ጥያቄ", "መልስ|መልሱ", "ትክክለኛው|ትክክለኛ"),
    "az": Language("sual", "cavab", "düzgün|doğru", denials="deyil", wrong="səhv|yanlış"),
    "be": Language("пытанне|задача", "адказ", "правільны", wrong="няправільны"),
    "cy": Language("cwestiwn", "ateb", "cywir", "yw"),
    "eu": Language("galdera", "erantzuna|erantzun", "zuzena", "da", wrong="okerra"),
    "ga": Language("ceist", "freagra", "ceart", "is"),
    "gl": Language("pregunta|cuestión", "resposta", "correcta", "é", wrong="incorrecta"),
    "gu": Language("પ્રશ્ન|સવાલ", "જવાબ|ઉત્તર", "સાચો|સાચું", "છે", wrong="ખોટો", denials="નથી|ખોટો"),
    "ha": Language("tambaya", "amsa|amsar", "daidai|mai kyau", "ita ce|ce|shi ne|ne", wrong="kuskure", denials="ba"),
    "hy": Language("հարց|խնդիր", "պատասխան|պատասխանը", "ճիշտ", "է", wrong="սխալ", denials="չէ|սխալ"),
    "ig": Language("ajụjụ", "azịza|aziza", "ziri ezi", "bụ"),
    "is": Language("spurning|dæmi", "svar|svarið", "rétt|rétta", "er", wrong="rangt", denials="er ekki|er rangt"),
    "ka": Language("კითხვა|შეკითხვა|ამოცანა", "პასუხი", "სწორი", "არის", wrong="არასწორი", denials="არ|არასწორია"),
    "kk": Language("сұрақ|есеп", "жауап|жауабы", "дұрыс", wrong="қате|дұрыс емес", denials="емес"),
    "km": Language("សំណួរ|សំណួរទី", "ចម្លើយ", "ត្រឹមត្រូវ", "គឺ", denials="មិន"),
    "kn": Language("ಪ್ರಶ್ನೆ", "ಉತ್ತರ", "ಸರಿಯಾದ", wrong="ತಪ್ಪು", denials="ಅಲ್ಲ|ತಪ್ಪು"),
    "lo": Language("ຄຳຖາມ|ຄໍາຖາມ|ຄຳຖາມທີ", "ຄຳຕອບ|ຄໍາຕອບ", "ທີ່ຖືກຕ້ອງ", "ແມ່ນ|ຄື", denials="ບໍ່"),
    "mk": Language("прашање", "одговор", "точен|точниот", "е", wrong="неточен|погрешен", denials="не е"),
    "ml": Language("ചോദ്യം", "ഉത്തരം", "ശരിയായ", wrong="തെറ്റായ", denials="അല്ല|തെറ്റ്"),
    "mn": Language("асуулт", "хариулт|хариу", "зөв", "бол", wrong="буруу", denials="биш"),
    "mr": Language("प्रश्न", "उत्तर", "बरोबर|योग्य", "आहे", "पर्याय", wrong="चुकीचे", denials="नाही|चुकीचे"),
    "my": Language("မေးခွန်း", "အဖြေ", "မှန်", "မှာ|သည်", denials="မဟုတ်|မှား"),
    "ne": Language("प्रश्न", "उत्तर|जवाफ", "सही", "हो", "विकल्प", wrong="गलत", denials="होइन|गलत"),
    "pa": Language("ਪ੍ਰਸ਼ਨ|ਸਵਾਲ", "ਉੱਤਰ|ਜਵਾਬ", "ਸਹੀ", "ਹੈ", wrong="ਗਲਤ", denials="ਨਹੀਂ|ਗਲਤ"),
    "si": Language("ප්‍රශ්නය|ප්‍රශ්න", "පිළිතුර", "නිවැරදි", denials="නොවේ|වැරදි", wrong="වැරදි"),
    "sq": Language("pyetja|pyetje", "përgjigja|përgjigje", "e saktë", "është", wrong="e gabuar", denials="nuk është"),
    "uz": Language("savol", "javob", "to'g'ri|to‘g‘ri", wrong="noto'g'ri", denials="emas"),
    "zu": Language("umbuzo", "impendulo", "efanele|eyiqiniso", "ithi"),
}
"""By code of ISO 639-1; `tl` and others may share words. What English has is in the patterns themselves."""

ENGLISH_NOUNS = frozenset({"question", "problem", "exercise", "task"})
"""Nouns that English shares: they tell no language."""
UNSPACED = frozenset({"ja", "km", "ko", "lo", "my", "th", "zh"})
"""Languages that write no blanks between words, or not always."""


def words(column: str) -> tuple[str, ...]:
    """Return the words of one column of a row, each as it may be encoded: composed, decomposed, without marks."""
    plain = [without_marks(word) for word in column.split("|") if word]
    forms = (unicodedata.normalize(form, word) for word in plain for form in ("NFC", "NFD"))
    return tuple(sorted(dict.fromkeys([*plain, *forms]), key=len, reverse=True))


def either_form(pattern: str) -> str:
    """Return a regular expression whose accented letters and syllables also match decomposed; none stands in a set."""
    forms = {character: unicodedata.normalize("NFD", character) for character in pattern if not character.isascii()}
    return "".join(
        f"(?:{character}|{forms[character]})" if forms.get(character, character) != character else character
        for character in pattern
    )


def all_words(column: str) -> tuple[str, ...]:
    """Return the words of one column of all rows, the longest first."""
    found = (word for row in LANGUAGES.values() for word in words(getattr(row, column)))
    return tuple(sorted(dict.fromkeys(found), key=len, reverse=True))


def find_languages(text: str, *columns: str) -> tuple[str, ...]:
    """Return the codes of the languages of which any word of these columns may stand in a text."""
    lowered = text.lower()
    found: dict[str, None] = {}
    tokens: set[str] = set()
    for start in range(0, len(lowered), _CHUNK):
        tokens.update(_TOKENS.findall(lowered, start, start + _CHUNK))
    characters = () if lowered.isascii() else sorted(set(lowered))
    for column in columns:
        index = _index(column)
        for token in index.tokens.keys() & tokens:
            found.update(dict.fromkeys(index.tokens[token]))
        for character in characters:
            for word, codes in index.others.get(character, ()):
                if word in lowered:
                    found.update(dict.fromkeys(codes))
    return tuple(sorted(found))


_TOKENS = re.compile("[a-z]+")
_CHUNK = 1 << 16
"""Characters whose words are listed at a time: a reply may have millions."""


class _Index(NamedTuple):
    """The words of a column, by what is looked for first: most texts hold few of them."""

    tokens: dict[str, list[str]]
    """First run of Latin letters to languages, of the words without any other letter."""
    others: dict[str, list[tuple[str, list[str]]]]
    """First character that is not ASCII to words, each with its languages."""


@lru_cache(maxsize=8)
def _index(column: str) -> _Index:
    codes: dict[str, list[str]] = {}
    for code, row in LANGUAGES.items():
        for word in words(getattr(row, column)):
            if word not in ENGLISH_NOUNS:
                codes.setdefault(word, []).append(code)
    index = _Index({}, {})
    for word, found in codes.items():
        if word.isascii():
            index.tokens.setdefault(_TOKENS.findall(word)[0], []).extend(found)
        else:
            first = next(character for character in word if not character.isascii())
            index.others.setdefault(first, []).append((word, found))
    return index
