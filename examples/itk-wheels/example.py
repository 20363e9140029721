"""An ordinary ITK script: write an image, read it, filter it, save it.

usage: python example.py [DIRECTORY]

Nothing here knows about LazyIndex. The last line is a digest of the file
written, to compare runs with.
"""

import hashlib
import sys
from pathlib import Path

import itk
import numpy

directory = Path(sys.argv[1] if len(sys.argv) > 1 else ".")
before, after = directory / "before.png", directory / "after.png"

# A round blob with noise, 128 x 128 pixels of 8 bits.
y, x = numpy.mgrid[-1:1:128j, -1:1:128j]
blob = 200 * (x * x + y * y < 0.5)
noise = numpy.random.RandomState(0).randint(0, 56, blob.shape)
itk.imwrite(itk.image_from_array((blob + noise).astype(numpy.uint8)), before)

image = itk.imread(before, itk.F)
smooth = itk.median_image_filter(image, radius=2)
byte_image = itk.Image[itk.UC, 2]
itk.imwrite(
    itk.cast_image_filter(smooth, ttype=(type(smooth), byte_image)), after
)

mean = itk.array_from_image(smooth).mean()
print(f"size {tuple(itk.size(smooth))}, mean {mean:.3f}")
print(hashlib.sha256(after.read_bytes()).hexdigest())
