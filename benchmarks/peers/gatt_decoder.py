"""bluetooth-sig decoding blood pressure frames: prints JSON {seconds, count, first}.

Arguments: how many times to go through the frames, then the frames in hex.
"""

import json
import sys
import time

from bluetooth_sig.gatt.characteristics import (  # type: ignore[import-not-found]
    BloodPressureMeasurementCharacteristic,
)


def main() -> None:
    """Decode every frame `times` times."""
    times, frames = int(sys.argv[1]), [bytearray.fromhex(text) for text in sys.argv[2:]]
    decode = BloodPressureMeasurementCharacteristic().parse_value
    first = decode(frames[0])
    start = time.perf_counter()
    for _ in range(times):
        for frame in frames:
            decode(frame)
    took = time.perf_counter() - start
    result = {"seconds": took, "count": times * len(frames), "systolic": first.systolic}
    print(json.dumps(result))


if __name__ == "__main__":
    main()
