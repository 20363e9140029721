"""What an ordinary script does with ITK: one value an action.

In processes that must not be told apart, run() gives the same.
"""

import contextlib
import hashlib
import pickle
import pydoc
import typing
import warnings

ACTIONS = []


def action(function):
    ACTIONS.append(function)
    return function


def digest(array):
    return hashlib.sha256(array.tobytes()).hexdigest()


import itk  # noqa: E402
import numpy as np  # noqa: E402

PIXELS = (
    (np.arange(64 * 48, dtype=np.uint8) * 7 % 251)
    .reshape(48, 64)
    .astype(np.uint8)
)
SMOOTH = np.add.outer(np.arange(48.0), np.arange(64.0)).astype(np.float32)


@action
def write_and_read():
    image = itk.image_from_array(PIXELS)
    image.SetSpacing([0.5, 2.0])
    for suffix in ("png", "mha", "nrrd", "nii.gz", "tif", "bmp"):
        itk.imwrite(image, f"image.{suffix}")
    found = []
    for suffix in ("png", "mha", "nrrd", "nii.gz", "tif", "bmp"):
        read = itk.imread(f"image.{suffix}")
        found.append(
            [suffix, type(read).__name__, digest(itk.array_from_image(read))]
        )
    return found


@action
def files():
    return [
        hashlib.sha256(open(f"image.{s}", "rb").read()).hexdigest()
        for s in ("png", "mha", "nrrd", "bmp")
    ]


@action
def filter_by_class():
    image = itk.imread("image.png", itk.F)
    median = itk.MedianImageFilter[type(image), type(image)].New(image)
    median.SetRadius(2)
    median.Update()
    return [
        type(median.GetOutput()).__name__,
        digest(itk.array_from_image(median.GetOutput())),
    ]


@action
def filter_without_types():
    median = itk.MedianImageFilter.New(itk.imread("image.png"), Radius=1)
    median.Update()
    return [
        type(median).__name__,
        digest(itk.array_from_image(median.GetOutput())),
    ]


@action
def filter_by_function():
    image = itk.imread("image.png", itk.F)
    smoothed = itk.smoothing_recursive_gaussian_image_filter(image, sigma=2.0)
    gradient = itk.gradient_magnitude_image_filter(smoothed)
    return digest(itk.array_from_image(gradient))


@action
def array_in_array_out():
    return digest(itk.median_image_filter(SMOOTH, radius=1))


@action
def cast():
    image = itk.imread("image.png")
    caster = itk.CastImageFilter[type(image), itk.Image[itk.SS, 2]].New(image)
    caster.Update()
    return digest(itk.array_from_image(caster.GetOutput()))


@action
def image_type():
    image_type = itk.Image[itk.F, 2]
    image = image_type.New()
    image.SetRegions([5, 6])
    image.Allocate(True)
    image.SetPixel([1, 2], 3.5)
    return [
        image_type.__name__,
        image.GetPixel([1, 2]),
        list(itk.size(image)),
        str(itk.template(image)),
    ]


@action
def numpy_view():
    image = itk.image_view_from_array(SMOOTH)
    view = itk.array_view_from_image(image)
    view[0, 0] = 42
    return [
        image.GetPixel([0, 0]),
        np.asarray(image).shape,
        digest(np.asarray(image)),
    ]


@action
def vectors():
    container = itk.vector_container_from_array(np.arange(5, dtype=np.float32))
    matrix = itk.matrix_from_array(np.eye(3))
    return [
        type(container).__name__,
        itk.array_from_vector_container(container).tolist(),
        itk.array_from_matrix(matrix).tolist(),
        str(itk.Vector[itk.F, 3]([1, 2, 3])),
        [float(x) for x in itk.Point[itk.D, 2]([1.5, 2.5])],
    ]


@action
def fourier():
    image = itk.image_from_array(SMOOTH)
    smoothed = itk.fft_discrete_gaussian_image_filter(image, variance=2.0)
    return [
        type(smoothed).__name__,
        np.round(itk.array_from_image(smoothed), 2).sum().item(),
    ]


@action
def fft_convolution():
    image = itk.image_from_array(SMOOTH)
    kernel = itk.image_from_array(np.ones((3, 3), dtype=np.float32))
    convolved = itk.fft_convolution_image_filter(image, kernel_image=kernel)
    return np.round(itk.array_from_image(convolved), 2).sum().item()


@action
def segmentation():
    binary = itk.binary_threshold_image_filter(
        itk.image_from_array(PIXELS), lower_threshold=100, upper_threshold=200
    )
    labels = itk.connected_component_image_filter(binary)
    return [
        int(itk.array_from_image(labels).max()),
        digest(
            itk.array_from_image(itk.relabel_component_image_filter(labels))
        ),
    ]


@action
def mesh():
    mesh = itk.Mesh[itk.F, 3].New()
    for i in range(4):
        point = itk.Point[itk.F, 3]([i, i * i, 1])
        mesh.SetPoint(i, point)
    sphere = itk.RegularSphereMeshSource[type(mesh)].New(Resolution=2)
    sphere.Update()
    itk.meshwrite(sphere.GetOutput(), "sphere.vtk")
    again = itk.meshread("sphere.vtk", itk.F)
    return [
        mesh.GetNumberOfPoints(),
        sphere.GetOutput().GetNumberOfCells(),
        type(again).__name__,
        again.GetNumberOfPoints(),
    ]


@action
def transforms():
    transform = itk.Euler2DTransform[itk.D].New()
    transform.SetAngle(0.5)
    transform.SetTranslation([1.0, 2.0])
    point = transform.TransformPoint([3.0, 4.0])
    itk.transformwrite(transform, "transform.h5")
    again = itk.transformread("transform.h5")
    resampled = itk.resample_image_filter(
        itk.image_from_array(SMOOTH),
        transform=transform,
        size=[20, 20],
    )
    return [
        [round(float(x), 9) for x in point],
        type(again[0]).__name__,
        digest(itk.array_from_image(resampled)),
    ]


@action
def registration():
    fixed_type = itk.Image[itk.F, 2]
    fixed = itk.image_from_array(SMOOTH % 13)
    moving = itk.image_from_array(np.roll(SMOOTH % 13, 2, axis=1).copy())
    transform_type = itk.TranslationTransform[itk.D, 2]
    metric = itk.MeanSquaresImageToImageMetricv4[fixed_type, fixed_type].New()
    optimizer = itk.RegularStepGradientDescentOptimizerv4.New(
        LearningRate=4, MinimumStepLength=0.001, NumberOfIterations=20
    )
    registration = itk.ImageRegistrationMethodv4.New(
        FixedImage=fixed,
        MovingImage=moving,
        Metric=metric,
        Optimizer=optimizer,
        InitialTransform=transform_type.New(),
    )
    registration.SetNumberOfLevels(1)
    registration.SetSmoothingSigmasPerLevel([0])
    registration.SetShrinkFactorsPerLevel([1])
    registration.Update()
    return [
        type(registration).__name__,
        [
            round(float(x), 3)
            for x in registration.GetTransform().GetParameters()
        ],
    ]


@action
def level_sets():
    image = itk.image_from_array(SMOOTH)
    fast = itk.FastMarchingImageFilter[type(image), type(image)].New(image)
    return [type(fast).__name__, type(fast.GetOutput()).__name__]


@action
def spatial_objects():
    ellipse = itk.EllipseSpatialObject[2].New()
    ellipse.SetRadiusInObjectSpace(3.0)
    ellipse.Update()
    return [
        type(ellipse).__name__,
        bool(ellipse.IsInsideInWorldSpace([0.0, 1.0])),
    ]


@action
def misc_types():
    return [
        repr(itk.Image),
        str(itk.F),
        repr(itk.Image.keys())[:200],
        [str(k) for k in itk.ImageToImageFilter.keys()][:30],
        [str(k) for k in itk.vector.keys()][:9],
        [str(k) for k in itk.InPlaceImageFilter.keys()][:30],
        itk.Image[itk.UC, 3] is itk.Image.UC3,
        isinstance(itk.Image[itk.F, 2].New(), itk.Image),
        str(itk.ctype("unsigned short")),
        str(itk.class_(itk.Image[itk.F, 2].New())),
        type(itk.down_cast(itk.Image[itk.F, 2].New())).__name__,
        itk.python_type(itk.Image[itk.F, 2].New()),
    ]


@action
def pickled_image():
    image = itk.image_from_array(SMOOTH)
    image.SetOrigin([4.0, 5.0])
    again = pickle.loads(pickle.dumps(image))
    return [
        type(again).__name__,
        list(again.GetOrigin()),
        digest(itk.array_from_image(again)),
    ]


@action
def pickled_mesh():
    mesh = itk.Mesh[itk.F, 3].New()
    mesh.SetPoint(0, itk.Point[itk.F, 3]([1, 2, 3]))
    again = pickle.loads(pickle.dumps(mesh))
    return [type(again).__name__, again.GetNumberOfPoints()]


@action
def pipeline():
    reader = itk.ImageFileReader.New(FileName="image.png")
    reader.Update()
    filters = itk.pipeline()
    filters.connect(reader)
    filters.connect(itk.MedianImageFilter.New(reader.GetOutput()))
    return [len(filters), type(reader).__name__]


@action
def function_documentation():
    function = itk.median_image_filter
    return [
        function.__doc__[:300],
        repr(function.process_object),
        repr(itk.ITKSmoothing.median_image_filter is function),
    ]


@action
def help_text():
    texts = [
        pydoc.plain(pydoc.render_doc(thing))
        for thing in (
            itk.median_image_filter,
            itk.Image[itk.F, 2],
            itk.MedianImageFilter,
            itk.imread,
        )
    ]
    return [[len(text), text[:200]] for text in texts]


@action
def type_hints():
    return sorted(typing.get_type_hints(itk.median_image_filter))


@action
def modules():
    from itk import ITKCommon, MedianImageFilter

    return [
        ITKCommon.Image is itk.Image,
        itk.ITKSmoothing.MedianImageFilter is MedianImageFilter,
        ITKCommon.__package__,
        sorted(
            set(dir(ITKCommon)) & {"Image", "image_source", "Offset", "nope"}
        ),
    ]


@action
def search():
    """Without proxies: stock binds more of them than anybody asked for."""
    return [n for n in itk.search("MedianImage") if not n.endswith("Python")]


@action
def factories():
    """In the order in which ITK asks them."""
    return [
        factory.GetDescription()
        for factory in itk.ObjectFactoryBase.GetRegisteredFactories()
    ]


def message(function):
    try:
        return repr(function())
    except Exception as error:
        # Behind it: instantiations, in stock in the order of a set's hashes.
        return f"{type(error).__name__}: {error}".split("Supported input")[0]


@action
def errors():
    return [
        message(lambda: itk.NoSuchName),
        message(lambda: itk.Image["no", "such"]),
        message(lambda: itk.imread("/no/such/file.png")),
        message(lambda: itk.MedianImageFilter.New(5)),
        message(lambda: itk.Image.NoSuchAttribute),
        hasattr(itk, "nope"),
        hasattr(itk, "__wrapped__"),
    ]


@action
def version():
    return [itk.__version__, itk.Version.GetITKVersion()]


def run(folder):
    """Run all actions in a directory; a value, or an exception, is a
    result."""
    results = {}
    with contextlib.chdir(folder), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for function in ACTIONS:
            try:
                results[function.__name__] = function()
            except Exception as error:
                results[function.__name__] = f"{type(error).__name__}: {error}"
    return results
