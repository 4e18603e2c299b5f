"""What the welcome sheet says, in the patient's language: short words, one thing in each sentence.

How to take a blood pressure: 2017 ACC/AHA guideline, table 8, and ESH 2021 in home words.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from vitals.kinds import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    title: str
    for_whom: str
    measuring: str
    slot: str
    once: str
    often: str
    every_day: str
    days: Mapping[str, str]
    kinds: Mapping[Kind, str]
    how: Mapping[Kind, tuple[str, ...]]
    hub: str
    hub_lines: tuple[str, ...]
    devices: str
    help_title: str
    call_us: str
    no_phone: str
    urgent: str
    urgent_number: str
    not_watched: str
    stop: str

    def times(self, readings: int) -> str:
        return self.once if readings == 1 else self.often.format(n=readings)


ENGLISH: Final = Sheet(
    title="Measuring at home",
    for_whom="For",
    measuring="What to measure, and when",
    slot="Between {start} and {end}: {times}",
    once="once",
    often="{n} times, one minute apart",
    every_day="Every day",
    days={"mon": "Monday", "tue": "Tuesday", "wed": "Wednesday", "thu": "Thursday",
          "fri": "Friday", "sat": "Saturday", "sun": "Sunday"},
    kinds={
        Kind.BLOOD_PRESSURE: "Blood pressure",
        Kind.WEIGHT: "Weight",
        Kind.BODY_COMPOSITION: "Body scale",
        Kind.GLUCOSE: "Blood sugar",
        Kind.OXIMETRY: "Oxygen",
        Kind.TEMPERATURE: "Temperature",
        Kind.HEART_RATE: "Heart rate",
    },
    how={
        Kind.BLOOD_PRESSURE: (
            "No coffee, smoking or sport for half an hour before. Empty your bladder.",
            "Sit still for five minutes, back against the chair, both feet on the floor.",
            "Put the cuff on your bare upper arm. Rest the arm on a table, at heart height.",
            "Press start. Do not talk and do not move until it is done.",
        ),
        Kind.WEIGHT: (
            "In the morning, after the toilet and before breakfast.",
            "Wear little, and the same each day. Put the scale on a hard floor.",
            "Stand still until the number stays.",
        ),
        Kind.BODY_COMPOSITION: (
            "In the morning, before breakfast, with bare and dry feet.",
            "Do not use it if you have a pacemaker.",
            "Stand still until the number stays.",
        ),
        Kind.GLUCOSE: (
            "Wash your hands with warm water and dry them.",
            "Put in a new strip. Prick the side of a finger tip.",
            "Touch the drop with the strip and wait for the number.",
        ),
        Kind.OXIMETRY: (
            "Warm your hand. Take off nail polish from that finger.",
            "Sit still. Put the clip on your finger and keep the hand on the table.",
            "Wait half a minute, until the number stays.",
        ),
        Kind.TEMPERATURE: (
            "Do not eat or drink for a quarter of an hour before.",
            "Measure at the same place each time, and wait for the beep.",
        ),
        Kind.HEART_RATE: ("Sit still for five minutes, then measure.",),
    },
    hub="The hub",
    hub_lines=(
        "Plug it in near the place where you measure. Leave it on.",
        "Your measurements go to us by themselves, within a minute or so.",
    ),
    devices="Your devices",
    help_title="Who to call",
    call_us="Questions, or the devices do not work:",
    no_phone="your clinic",
    urgent="If you feel seriously unwell, chest pain, hard to breathe, weak on one side, "
    "do not wait for us. Call",
    urgent_number="the emergency number",
    not_watched="Nobody watches your measurements around the clock. We look at them on working "
    "days.",
    stop="You may stop at any time: tell us, and give the devices back.",
)  # fmt: skip

SPANISH: Final = Sheet(
    title="Medirse en casa",
    for_whom="Para",
    measuring="Qué medir, y cuándo",
    slot="Entre las {start} y las {end}: {times}",
    once="una vez",
    often="{n} veces, con un minuto entre ellas",
    every_day="Todos los días",
    days={"mon": "lunes", "tue": "martes", "wed": "miércoles", "thu": "jueves",
          "fri": "viernes", "sat": "sábado", "sun": "domingo"},
    kinds={
        Kind.BLOOD_PRESSURE: "Presión arterial",
        Kind.WEIGHT: "Peso",
        Kind.BODY_COMPOSITION: "Báscula corporal",
        Kind.GLUCOSE: "Azúcar en sangre",
        Kind.OXIMETRY: "Oxígeno",
        Kind.TEMPERATURE: "Temperatura",
        Kind.HEART_RATE: "Pulso",
    },
    how={
        Kind.BLOOD_PRESSURE: (
            "Media hora antes: sin café, sin fumar, sin deporte. Vaya al baño.",
            "Siéntese cinco minutos, con la espalda apoyada y los dos pies en el suelo.",
            "Ponga el brazalete en el brazo sin ropa. Apoye el brazo en la mesa.",
            "El brazalete debe quedar a la altura del corazón.",
            "Pulse el botón. No hable ni se mueva hasta que termine.",
        ),
        Kind.WEIGHT: (
            "Por la mañana, después del baño y antes del desayuno.",
            "Con poca ropa, siempre la misma. La báscula, sobre un suelo duro.",
            "Quédese quieto hasta que el número no cambie.",
        ),
        Kind.BODY_COMPOSITION: (
            "Por la mañana, antes del desayuno, con los pies desnudos y secos.",
            "No la use si tiene marcapasos.",
            "Quédese quieto hasta que el número no cambie.",
        ),
        Kind.GLUCOSE: (
            "Lávese las manos con agua tibia y séquelas.",
            "Ponga una tira nueva. Pinche el lado de la punta del dedo.",
            "Toque la gota con la tira y espere el número.",
        ),
        Kind.OXIMETRY: (
            "Caliente la mano. Quite el esmalte de la uña de ese dedo.",
            "Siéntese. Ponga la pinza en el dedo y deje la mano en la mesa.",
            "Espere medio minuto, hasta que el número no cambie.",
        ),
        Kind.TEMPERATURE: (
            "No coma ni beba en el cuarto de hora antes.",
            "Mida siempre en el mismo sitio y espere el pitido.",
        ),
        Kind.HEART_RATE: ("Siéntese cinco minutos y mida después.",),
    },
    hub="La caja",
    hub_lines=(
        "Enchúfela cerca de donde se mide. Déjela encendida.",
        "Sus medidas nos llegan solas, en más o menos un minuto.",
    ),
    devices="Sus aparatos",
    help_title="A quién llamar",
    call_us="Preguntas, o si los aparatos no funcionan:",
    no_phone="su clínica",
    urgent="Si se siente muy mal, con dolor en el pecho, falta de aire o debilidad de un lado, no "
    "espere nuestra llamada. Llame",
    urgent_number="al número de emergencias",
    not_watched="Nadie mira sus medidas las 24 horas. Las miramos en días laborables.",
    stop="Puede dejarlo cuando quiera: díganoslo y devuélvanos los aparatos.",
)  # fmt: skip

SHEETS: Final = {"en": ENGLISH, "es": SPANISH}
