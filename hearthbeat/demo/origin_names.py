"""Names of many origins for people who do not exist: given names that people have, family names
that sound like home and are nobody's.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Names:
    """Of one origin."""

    female: tuple[str, ...]
    male: tuple[str, ...]
    family: tuple[str, ...]


def full_name(*, number: int, origin: str, sex: str) -> tuple[str, str]:
    """Given and family name, the same for the same number; neighbours in the cast differ."""
    names = NAMES[origin]
    given = names.female if sex == "female" else names.male
    return given[number // 4 % len(given)], names.family[number % len(names.family)]


def phone(number: int) -> str:
    """From 555-0100 to 555-0199, which are kept free for stories; areas make them different."""
    return f"+1 {_AREAS[number // 100 % len(_AREAS)]} 555 01{number % 100:02}"


def mrn(number: int) -> str:
    """As a clinic's own numbers look: in no order that means anything."""
    return f"{604_117 + number * 7_919 % 90_001}"


_AREAS: Final = ("202", "312", "602")

NAMES: Final[dict[str, Names]] = {
    "english": Names(
        ("Margaret", "Helen", "Dorothy", "Joan", "Carol"),
        ("Walter", "Leonard", "Howard", "Kenneth", "Russell"),
        ("Applewhistle", "Brambleworth", "Oatencroft", "Kettlebrook", "Fernbuckle"),
    ),
    "latin": Names(
        ("Lucía", "Rosario", "Esperanza", "Marisol", "Consuelo"),
        ("Joaquín", "Ernesto", "Rafael", "Ignacio", "Tomás"),
        ("Velasquindo", "Montecedro", "Riofresca", "Castañamar", "Luzverde", "Peñaclara"),
    ),
    "african": Names(
        ("Adaeze", "Ngozi", "Abena", "Folake"),
        ("Kwabena", "Chidi", "Tendai", "Olumide"),
        ("Okonbarako", "Adeyinshola", "Mensahdwe", "Nkwachuru"),
    ),
    "chinese": Names(
        ("Meiling", "Xiuying", "Lihua", "Qiaozhen"),
        ("Jianguo", "Weimin", "Zhiyuan", "Haoran"),
        ("Shuangwu", "Lianhe", "Ouyunlan", "Zhengshui"),
    ),
    "indian": Names(
        ("Lakshmi", "Sunita", "Kamala", "Meenakshi"),
        ("Raghav", "Suresh", "Vikram", "Harish"),
        ("Chandravelu", "Kaurendal", "Patwarkar", "Iyengopal"),
    ),
    "nordic": Names(
        ("Ingrid", "Solveig", "Astrid", "Sigrun"),
        ("Torbjörn", "Halvard", "Anders", "Leif"),
        ("Björkvasen", "Fjelldalsen", "Lundmarken", "Havstrandsen"),
    ),
    "arabic": Names(
        ("Samira", "Nadia", "Fatima", "Layla"),
        ("Khalil", "Youssef", "Tariq", "Ibrahim"),
        ("Al-Rashimeh", "Haddawiri", "Bin Nourasi", "Khoulani-Daher"),
    ),
    "irish": Names(
        ("Siobhán", "Bridget", "Maeve", "Nuala"),
        ("Declan", "Cormac", "Fergus", "Eamon"),
        ("O'Dunnaghy", "McGlenrory", "Fitzbannon", "O'Shellvane"),
    ),
    "korean": Names(
        ("Soon-ja", "Eun-hee", "Ji-woo", "Mi-sook"),
        ("Sang-ho", "Young-chul", "Min-jun", "Dong-hyun"),
        ("Hanbaek", "Seolmun", "Namgoong-ri", "Jihwang"),
    ),
    "slavic": Names(
        ("Ludmila", "Bożena", "Svetlana", "Milena"),
        ("Stanisław", "Dragan", "Miroslav", "Bohdan"),
        ("Petrovalis", "Wierzbogórska", "Zelenkovar", "Dubrowczak"),
    ),
    "italian": Names(
        ("Graziella", "Ornella", "Rosalba"),
        ("Salvatore", "Ettore", "Gianluca"),
        ("Montefiorelli", "Belpassini", "Cavallarossi"),
    ),
    "vietnamese": Names(
        ("Thị Lan", "Bích Ngọc", "Hồng Vân"),
        ("Văn Minh", "Quốc Bảo", "Đức Thành"),
        ("Nguyêntran", "Phạmlê", "Lýđoan"),
    ),
    "persian": Names(
        ("Shirin", "Parvaneh", "Mahnaz"),
        ("Dariush", "Kourosh", "Behrouz"),
        ("Golestanfar", "Mehrabadi-Nik", "Sohravand"),
    ),
    "german": Names(
        ("Hannelore", "Gudrun", "Elfriede"),
        ("Reinhold", "Manfred", "Dieter"),
        ("Apfelbrunner", "Wiesenthaler-Roth", "Kirschhäuser"),
    ),
    "japanese": Names(
        ("Michiko", "Haruko", "Sachiko"),
        ("Takeshi", "Noboru", "Kenjiro"),
        ("Nakamorita", "Fujishirogi", "Umehasaka"),
    ),
    "greek": Names(
        ("Eleni", "Despina", "Kalliope"),
        ("Stavros", "Panagiotis", "Aristides"),
        ("Papamelissos", "Thalassinidis-Kor", "Anthopouliadis"),
    ),
    "french": Names(
        ("Geneviève", "Odile", "Mireille"),
        ("Gaston", "Thibault", "Armand"),
        ("Beaucerisier", "Villemarais", "Delafontenelle"),
    ),
}
