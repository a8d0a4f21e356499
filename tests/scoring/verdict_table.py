"""The table of verdicts, row by row: (row, gold, answers that are equal, answers that are not)."""

from typing import NamedTuple


class Row(NamedTuple):
    number: int
    gold: str
    equal: tuple[str, ...] = ()
    different: tuple[str, ...] = ()


TABLE = (
    # Style, spacing, colour, Unicode, full stop, label in the box.
    Row(1, "5",
        (r"\textcolor{red}{5}", r"\color{blue}{5}", r"\underline{5}", r"\mathbf{5}", r"\boxed{5}", r"\fbox{5}")),
    Row(1, "5", ("5.", "５", "**5**", "`5`", r"\(5\)", "$5$", r"\displaystyle 5", r"{\large 5}", r"\,5\;", "5。")),
    Row(1, "7", (r"\text{Q2: } 7", "Answer: 7", "The answer is 7", r"\text{Answer: }7", "Q2: 7"), ("Q7", "Q7:")),
    Row(1, "-5", ("−5", "–5", "- 5", "－5", r"\text{-5}"), ("5", "–")),
    Row(1, r"\sqrt{2}", ("√2", "√(2)", "sqrt(2)", r"\sqrt 2", r"\sqrt2", "√{2}"), ("2", "√3")),
    Row(1, r"\frac{\pi}{2}",
        ("π/2", r"\pi/2", "½π", "pi/2", r"\dfrac{\pi}2", r"\\frac{\pi}{2}"),
        (r"\frac{2}{\pi}", "π2")),
    Row(1, "(1,2)", ("（1，2）", r"\left(1, 2\right)", r"\bigl(1,2\bigr)"), ("(2,1)", "(1,2,3)")),
    # Leading zeros, plus sign.
    Row(2, "73", ("073", "+73", "0073"), ("730", "-73", "703")),
    # Thousands.
    Row(3, "10080",
        ("10,080", r"10{,}080", r"10,\!080", r"10\,080", "10 080"),
        ("10,08", "10.080", "1,0080", "10, 080")),
    Row(3, "1250", ("1,250", "1250.0"), ("1,25", "12,50", "1.250")),
    Row(3, "1234567", ("1,234,567", "1 234 567"), ("1,234567", "1234,567", "12,34,567")),
    Row(3, "12,345", ("12345", r"12{,}345"), ("12, 345", "12.345", "345")),
    Row(3, r"11,\! 111,\! 111,\! 100", ("11111111100", "11,111,111,100"), ("11",)),
    # Decimal comma, arguable.
    Row(4, "2.5", ("2,5", "2{,}5"), ("25", "2,6", "2, 5")),
    # List glued to a number.
    Row(5, "0,1", ("0, 1", "1, 0", r"\{0,1\}"), ("01", "1", "10", "0.1")),
    # Gold without unit.
    Row(6, "42",
        ("42 cm", r"42\text{ cm}", r"42\text{ cm}^2", r"\text{42 apples}", r"42^\circ", r"42\ \text{m/s}^2")),
    Row(6, "42",
        (r"\$42", "$42", "€42", "42 dollars", "42 square units", "42 miles per hour", r"42~\mathrm{m}", "42 (cm)")),
    Row(6, "42", ("42 °C", "42°"), ("42 million", "42 dozen", r"\$43", "4 2 cm", "42 cm 5 mm")),
    Row(6, "5000000", ("5 million", r"5\text{ million}", r"\$5\text{ million}"), ("5",)),
    # Gold with unit.
    Row(7, r"18\text{ min}",
        ("18", "18 min", "18 minutes", r"18\,\text{mins}"),
        ("18 s", "18 hours", r"\$18", "19 min")),
    Row(7, r"90^\circ", ("90", "90°", r"90\text{ degrees}", r"90^{\circ}"), ("90 rad", "90 cm", "91")),
    Row(7, r"30^\circ", (), (r"30^\circ\text{C}", "30 °F")),
    Row(7, r"864 \mbox{ inches}^2",
        ("864", r"864\text{ in}^2", "864 square inches", "864 sq in"),
        ("864 inches", "864 ft^2")),
    Row(7, r"\$18.90", ("18.90", "18.9", r"\$18.9", "18.90 dollars"), ("18.90 cents", "18", "€18.90")),
    Row(7, r"5.4 \text{ cents}", ("5.4", "5.4 cents", "5.4¢"), (r"\$5.4", "54")),
    Row(7, r"\$32,\!348", ("32348", "32,348", r"\$32,348", r"\$32{,}348"), ("32", "348")),
    Row(7, r"\frac{270}7\text{ degrees}",
        (r"\frac{270}{7}", r"\frac{270}{7}^\circ", r"38\frac{4}{7}^\circ"),
        ("38.57",)),
    # Compound units are not cut.
    Row(8, "12", (), ("12 h 30 min", r"12\text{ hours }30\text{ minutes}", "12 ft 6 in")),
    # Degrees and radians, conversions.
    Row(9, r"\frac{\pi}{2}", (), (r"90^\circ", "90")),
    Row(9, r"90^\circ", (), (r"\frac{\pi}{2}",)),
    Row(9, r"5\text{ m}", (), (r"500\text{ cm}",)),
    # Percent.
    Row(10, "50", (r"50\%", "50%", "50 percent", r"50\text{ percent}"), (r"0.5\%", r"5\%")),
    Row(11, r"50\%", ("0.5", "50", "50%", r"\frac{1}{2}"), ("5", "0.05", "0.005")),
    Row(11, "0.5", (r"50\%",), ("50", r"5\%")),
    # Fractions and mixed numbers.
    Row(12, r"\frac{3}{4}",
        ("3/4", r"\dfrac{3}{4}", r"\tfrac34", r"\frac{6}{8}", "6/8", "0.75", "¾", r"{3 \over 4}"),
        ("3", "4/3")),
    Row(12, r"\frac{7}{2}",
        (r"3\frac{1}{2}", "3 1/2", "3½", "3.5", r"3 \frac12"),
        ("3", "1/2", "31/2", r"3 \cdot \frac{1}{2}")),
    Row(12, "3.5", ("3 1/2", "7/2"), ("3", "31/2")),
    Row(12, "2", (), ("2 2/3", r"2\frac{2}{3}", "2/3")),
    Row(12, r"-\frac{35}{9}",
        (r"\frac{-35}{9}", r"\frac{35}{-9}", "-35/9", r"-3\frac{8}{9}"),
        (r"\frac{35}{9}", r"3\frac{8}{9}")),
    # Exact decimals.
    Row(13, r"\frac{1}{3}",
        (r"0.\overline{3}", r"0.\bar{3}", "0.333...", r"0.3\overline{3}", r".\overline{3}"),
        ("0.3", r"0.\overline{6}")),
    Row(13, r"6\times10^{23}",
        ("6e23", r"6 \cdot 10^{23}", "6×10^23", "6 × 10²³", r"60 \times 10^{22}"),
        ("6e22", "6", "10^{23}")),
    Row(13, "0.5", (".5", "0.50", "1/2", r"5 \times 10^{-1}"), ("0.05", "5")),
    Row(13, ".0000672", ("0.0000672", r"6.72 \times 10^{-5}", "6.72e-5"), ("0.000067", "6.72")),
    # Rounded decimals of an exact gold.
    Row(14, r"\frac{1}{3}", ("0.333333", "0.3333333333"), ("0.333334", "0.333323")),
    Row(14, r"\sqrt{2}", ("1.41421356", "1.414214", "1.41421"), ("1.41422", "1.41421357", "1.5")),
    Row(15, r"2\sqrt{3}", (), ("3.4641",)),
    Row(16, r"\frac{1}{3}", (), ("0.33", "0.3333")),
    Row(16, r"\sqrt{2}", (), ("1.414", "1.4")),
    Row(16, r"7\pi", (r"7 \pi", "7π"), ("21.99", "22", "7")),
    # A rounded gold.
    Row(17, "33.3", (), (r"\frac{100}{3}", "33.33")),
    Row(17, "0.29", (), ("0.2902", "0.3")),
    # Tiny and huge values.
    Row(18, "1e-7", ("0.0000001", "10^{-7}"), ("2e-7", "0", "1e-8")),
    Row(18, "0", ("0.0", "-0"), ("0.0000001", "10^{-20}", r"\frac{1}{10^{30}}")),
    Row(18, "2^{100}",
        ("1267650600228229401496703205376", "4^{50}"),
        ("1267650600228229401496703205377", "2^{100}+1")),
    Row(18, "100000!", ("100000!", r"100000 !"), ("100000", "5")),
    Row(18, "3^{3^{3^{3}}}", ("3^{3^{3^{3}}}", "3^{3^{3^3}}"), ("3", "27")),
    Row(18, "5",
        (),
        ("10^{10^{10}}", "1000000!", r"\binom{10000000}{5000000}", "5^{5^{5^{5}}}", "(((9!)!)!)!", "9!!!!")),
    # Roots, denominators, division, negative powers.
    Row(19, r"5\sqrt{2}",
        (r"\sqrt{50}", "√50", r"\frac{10}{\sqrt{2}}", r"\sqrt{2}\cdot 5"),
        (r"\sqrt{5}", r"2\sqrt{5}")),
    Row(19, r"\frac{\sqrt{3}}{3}",
        (r"\frac{1}{\sqrt{3}}", r"3^{-\frac12}", r"\frac{\sqrt3}3"),
        (r"\sqrt{3}", r"\frac{3}{\sqrt3}")),
    Row(19, r"0.5+\frac{\pi}{8}", (r"\pi \div 8 + 1 \div 2", r"\frac{4+\pi}{8}"), (r"\frac{\pi}{8}",)),
    Row(19, r"1-\frac{1}{e}", ("1-e^{-1}", r"\frac{e-1}{e}"), (r"1+\frac{1}{e}",)),
    Row(19, "6 - 5i", ("6-5i", "-5i+6", r"6 - 5\mathrm{i}"), ("6+5i", "5i-6", "6")),
    Row(19, r"\sqrt[3]{16}", (r"2\sqrt[3]{2}", r"2\cdot 2^{1/3}"), (r"\sqrt{16}", r"2\sqrt{2}")),
    # Expressions.
    Row(20, "(x+1)^2", ("x^2+2x+1", "(1+x)^2", "x²+2x+1", "(x+1)(x+1)"), ("x^2+1", "(x-1)^2")),
    Row(20, "6r^2-4r-24", ("-24-4r+6r^2", "2(3r^2-2r-12)"), ("6r^2-4r+24",)),
    Row(20, "2k", ("k+k", "2 k", r"2 \cdot k"), ("2", "k", "2m", "3k")),
    Row(20, r"\cot x", (r"\cot(x)", r"\frac{\cos x}{\sin x}", r"\frac{1}{\tan x}"), (r"\tan x",)),
    # Arithmetic left undone.
    Row(21, "5", ("2+3", r"\frac{10}{2}", r"\sqrt{25}"), ("5!", "2+2")),
    Row(21, "12", (r"3 \cdot 4", "3·4", r"3 \times 4"), ("3, 4", "34")),
    Row(21, "120", ("5!",), ("5",)),
    # Equations.
    Row(22, "3x+4y=14",
        ("6x+8y=28", "3x+4y-14=0", "14=3x+4y", r"y=-\frac{3}{4}x+\frac{7}{2}"),
        ("3x-4y=14", "14", "3x+4y")),
    Row(22, "3x-y+13=0", (), ("3x+4y+14=0", "0")),
    Row(22, "y = 2x + 3", ("2x+3", "2x - y + 3 = 0", "y=3+2x"), ("y=2x-3", "x = 2y+3", "3")),
    Row(22, "x^2+y^2=25", ("y^2+x^2=25", "x^2+y^2-25=0"), ("25", "x^2+y^2=5", "x^2-y^2=25")),
    # Names.
    Row(23, "5",
        ("x=5", "x = 5", r"\text{Area} = 5", "m+n=5", r"AB = 5", "f(2)=5", r"\angle ABC = 5^\circ"),
        ("x=6", "5x", "x")),
    Row(23, "x=5", ("5", "x=5"), ("y=5", "x=-5", "x")),
    Row(23, "2x+1", ("y=2x+1", "f(x)=2x+1"), ("y=2x-1", "2y+1")),
    Row(23, "3", (), ("n=3k", "3k")),
    Row(23, "n=3k", ("3k",), ("3", "n=3", "m=3k")),
    # Named parts.
    Row(24, "(3,4)",
        ("x=3, y=4", "y=4, x=3", "(x,y)=(3,4)", r"x=3 \text{ and } y=4", "P=(3,4)"),
        ("x=4, y=3", "y=3, x=4", "x=3")),
    Row(24, "x=3, y=4", ("(3,4)", "y=4, x=3"), ("(4,3)", "x=4,y=3")),
    # Bare lists.
    Row(25, "8, 27",
        ("27, 8", "8 and 27", r"8 \text{ or } 27", "8; 27", "8、27", "8 cm and 27 cm", r"\{8,27\}"),
        ("8, 28", "827")),
    Row(25, "3,-1",
        (r"x=3 \text{ or } x=-1", "x=3, x=-1", "-1, 3", r"x=3 \text{ and } -1", r"x \in \{3,-1\}"),
        ("3, 1", "-1", "3")),
    Row(25, "2, 3, 5", ("2、3、5", "2, 3 and 5", "2, 3, and 5", "5,3,2"), ("2,3", "2,3,6", "2,3,5,7")),
    Row(25, "100, 200", ("100,200", "200, 100"), ("100200",)),
    # Too few, too many, plus-minus.
    Row(27, "8 and 27", (), ("27", "8", "8, 27, 1")),
    Row(27, r"\pm 5", ("5, -5", "-5, 5", "±5", r"x = \pm 5"), ("5", "-5", "5, 5")),
    Row(27, "-5,5", (r"\pm 5", "±5"), ("5",)),
    Row(27, r"1\pm\sqrt{2}", (r"1+\sqrt{2}, 1-\sqrt{2}", r"1-\sqrt2 \text{ and } 1+\sqrt2"), (r"1+\sqrt{2}",)),
    Row(27, r"\{1\pm\sqrt{5},-2\}",
        (r"-2, 1+\sqrt{5}, 1-\sqrt{5}", r"\{-2, 1 \pm \sqrt 5\}"),
        (r"\{1+\sqrt{5},-2\}",)),
    # Hedges.
    Row(28, "5", (), ("5 or 6", r"5 \text{ or } 6", "5, 6", "5 (or 6)", "5, maybe 6", "5/6", r"\{5,6\}", "6 or 5")),
    # Sets and tuples.
    Row(29, r"\{1,2,3\}", (r"\{3,2,1\}", r"\left\{1, 2, 3\right\}", "1,2,3"), (r"\{1,2\}", r"\{1,2,4\}")),
    Row(29, "(1,2,3)", ("(1, 2, 3)",), ("(3,2,1)", "(1,2)")),
    Row(29, r"(3,\frac{\pi}{2})",
        (r"\left( 3, \frac{\pi}{2} \right)", "(3, π/2)"),
        (r"(\frac{\pi}{2}, 3)", "(3, 2)")),
    Row(29, "(100,200)", ("(100, 200)",), ("100200", "(200,100)", "(100200)")),
    Row(30, "0,1", ("(0,1)",)),
    Row(30, "(3,5)", ("3, 5",), ("5, 3", "3")),
    Row(31, "(3,4)", (), (r"\{3,4\}",)),
    # Matrices.
    Row(32, r"\begin{pmatrix}1&2\\3&4\end{pmatrix}",
        (r"\begin{bmatrix}1&2\\3&4\end{bmatrix}", r"\left[\begin{array}{cc}1&2\\3&4\end{array}\right]",
         r"\begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}", r"\begin{pmatrix}1&2\\3&\frac{8}{2}\end{pmatrix}"),
        (r"\begin{pmatrix}1&3\\2&4\end{pmatrix}", r"\begin{vmatrix}1&2\\3&4\end{vmatrix}", "(1,2,3,4)", "-2")),
    Row(32, r"\begin{pmatrix}1\\2\end{pmatrix}",
        ("(1,2)", r"\langle 1, 2 \rangle"),
        ("(2,1)", r"\begin{pmatrix}1&2\end{pmatrix}")),
    Row(32, r"\begin{pmatrix} -1/3 \\ 2/3 \end{pmatrix}",
        (r"\begin{pmatrix} -\frac{1}{3} \\ \frac{2}{3} \end{pmatrix}",),
        ("-1/3",)),
    # Regions.
    Row(33, "(0,9)",
        ("0<x<9", "0 < x < 9", "9 > x > 0", r"x \in (0,9)", r"x>0 \text{ and } x<9"),
        ("0<x<8", r"0<x\le 9")),
    Row(33, r"(3,\infty)",
        ("x>3", "3<x", r"\{x \mid x>3\}", r"\{x : x > 3\}", r"(3, +\infty)", "x > 3.0", "(3, ∞)"),
        ("x<3", "3")),
    Row(33, "x>3", (r"(3,\infty)", "3<x"), ("y>3", "3", r"x \ge 3")),
    Row(33, r"(-\infty,-2)\cup(4,\infty)",
        (r"(4,\infty)\cup(-\infty,-2)", r"x<-2 \text{ or } x>4", r"x > 4 \text{ or } x < -2", "x<-2, x>4"),
        (r"(-2,4)", "-2<x<4", r"(-\infty,-2]\cup(4,\infty)")),
    Row(33, r"(-\infty,\infty)", (r"\mathbb{R}", "ℝ", "all real numbers", r"x \in \mathbb{R}"), (r"(0,\infty)",)),
    Row(33, r"x \in [-2,7]", (r"[-2,7]", r"-2 \le x \le 7", "-2≤x≤7"), (r"(-2,7)", "[-2,8]")),
    # Ends of intervals.
    Row(34, "(2,7)", ("(2, 7)",), ("[2,7]", "[2,7)", "(2,7]")),
    Row(34, "[2,7)", ("[2, 7)",), ("(2,7)", "[2,7]")),
    Row(34, r"(-\infty, 0]", (r"x \le 0",), (r"(\infty, 0]", r"(-\infty, 0)", r"[0, \infty)")),
    # Ratios, clock times, dotted sequences.
    Row(35, "1:2:3", ("1 : 2 : 3",), ("1:2:4", "1:2", "123")),
    Row(35, "3:45", ("3:45", "3:45 p.m."), ("3:54", "4:45", "345", "3")),
    Row(35, "1.2.3", ("1.2.3",), ("1.2.4", "1.2", "123")),
    # Bases.
    Row(36, "13_8", ("13_{8}", r"13_{\text{eight}}", "13 (base 8)"), ("13_4", "14_8", "11")),
    Row(36, "204_5", ("204", "204_{5}"), ("54", "204_6")),
    # Words.
    Row(37, r"\text{Evelyn}", ("Evelyn", r"\textbf{Evelyn}", r"\mathrm{Evelyn}", "evelyn"), ("Navin", "Eve", "E")),
    Row(37, r"\text{even}", ("even", "Even"), ("odd", "not even", "eleven")),
    Row(37, r"\text{(C)}", ("C", "(C)", r"\text{C}", r"\textbf{(C)}"), ("D", "c or d", "(D)")),
    # Remarks and chains.
    Row(38, "5",
        (r"5 \quad (\text{since } x>0)", r"5 \approx 5.0", r"5 \text{ since } x>0", r"2x=10 \Rightarrow x=5")),
    Row(38, r"\frac{3}{2}",
        (r"x = \frac{3}{2} = 1.5", r"\frac32 = 1.5", r"\frac{3}{2} \approx 1.5"),
        (r"1 = \frac{3}{2}",)),
    Row(38, r"25\pi", (r"A = \pi r^2 = 25\pi", r"25\pi \approx 78.54"), (r"A = 24\pi \approx 78.54",)),
)  # fmt: skip
