"""Processes: fork, spawn, forkserver, pools, Dask, pickling."""

import tempfile
import unittest
from pathlib import Path

from beds import REQUIRED, BedTest

# What a child does with what it is given, and what comes back.
WORK = """
import copy, os, pickle, sys
import numpy as np

def image():
    import itk
    made = itk.image_from_array(np.arange(12, dtype=np.float32).reshape(3, 4))
    made.SetSpacing([0.5, 2.0])
    return made

def mesh():
    import itk
    made = itk.Mesh[itk.F, 3].New()
    made.SetPoint(0, itk.Point[itk.F, 3]([1, 2, 3]))
    return made

def filtered(given):
    import itk
    out = itk.median_image_filter(given, radius=1)
    return itk.array_from_image(out).sum().item(), type(out).__name__

def crossed(package, module, mesh):
    import itk
    return (
        package is itk,
        module is itk.ITKCommon,
        mesh.GetNumberOfPoints(),
        list(mesh.GetPoint(0)),
    )

def start_method():
    import multiprocessing
    return multiprocessing.get_start_method(allow_none=True)

def done():
    # On one line: the tests read the last.
    print("done", flush=True)
"""

METHOD = """
import multiprocessing, sys
from work import *
from concurrent.futures import ProcessPoolExecutor

def main(method, touch_first):
    import itk
    assert start_method() is None
    if touch_first:
        itk.Image, itk.MedianImageFilter
    context = multiprocessing.get_context(method)
    here = filtered(image())
    with context.Pool(2) as pool:
        assert pool.map(filtered, [image()] * 4) == [here] * 4
    with ProcessPoolExecutor(2, mp_context=context) as pool:
        futures = [pool.submit(filtered, image()) for _ in range(4)]
        assert [future.result() for future in futures] == [here] * 4
        told = pool.submit(crossed, None, None, mesh()).result()
        assert told[2:] == (1, [1, 2, 3]), told
    done()

if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2] == "after")
"""

FORK = """
import os, sys
from work import *
import itk
if sys.argv[1] == "after":
    itk.Image
for _ in range(3):
    child = os.fork()
    if child == 0:
        code = 1
        try:
            assert filtered(image())[1] == "itkImageF2"
            assert len(itk.ObjectFactoryBase.GetRegisteredFactories()) > 5
            grandchild = os.fork()
            if grandchild == 0:
                os._exit(0 if itk.ITKCommon.Image is itk.Image else 1)
            code = os.waitstatus_to_exitcode(os.waitpid(grandchild, 0)[1])
        finally:
            os._exit(code)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
assert filtered(image())[1] == "itkImageF2"
done()
"""

COPIES = """
from work import *
import cloudpickle, itk
for thing in (itk, itk.ITKCommon, itk.ITKSmoothing):
    assert copy.copy(thing) is thing and copy.deepcopy(thing) is thing
    assert pickle.loads(pickle.dumps(thing)) is thing
    assert cloudpickle.loads(cloudpickle.dumps(thing)) is thing
for thing in (itk.Image[itk.F, 2], itk.median_image_filter, itk.imread):
    assert pickle.loads(pickle.dumps(thing)) is thing
    assert cloudpickle.loads(cloudpickle.dumps(thing)) is thing
for copied in (copy.deepcopy(image()), pickle.loads(pickle.dumps(image()))):
    assert list(copied.GetSpacing()) == [0.5, 2.0]
    assert itk.array_from_image(copied).sum() == 66
    assert type(copied) is itk.Image[itk.F, 2]
for copied in (copy.deepcopy(mesh()), pickle.loads(pickle.dumps(mesh()))):
    assert list(copied.GetPoint(0)) == [1, 2, 3]
# Into a process that has touched nothing: the first thing it does.
import subprocess
for thing, test in (
    (itk, "got.Image"), (itk.ITKCommon, "got.Image"),
    (image(), "got.GetSpacing()[0] == 0.5 or 1 / 0"),
    (mesh(), "got.GetNumberOfPoints() == 1 or 1 / 0"),
    (itk.median_image_filter, "got.__wrapped__"),
    (itk.Image[itk.F, 2], "got.New()"),
):
    code = f"import pickle, sys; got = pickle.load(sys.stdin.buffer); {test}"
    subprocess.run([sys.executable, "-c", code], input=pickle.dumps(thing), check=True)
done()
"""

DASK = """
from work import *
def main():
    import dask, itk
    from distributed import Client, LocalCluster
    dask.config.set({
        "distributed.admin.large-graph-warning-threshold": "1GB",
        "distributed.comm.timeouts.connect": "300s",
        "distributed.comm.timeouts.tcp": "300s",
    })
    here = filtered(image())
    with LocalCluster(n_workers=2, threads_per_worker=2, processes=True,
                      dashboard_address=None) as cluster, Client(cluster) as client:
        futures = [client.submit(filtered, image(), pure=False) for _ in range(8)]
        assert client.gather(futures) == [here] * 8
        told = client.submit(crossed, itk, itk.ITKCommon, mesh()).result()
        assert told == (True, True, 1, [1, 2, 3]), told
        back = client.submit(image).result()
        assert list(back.GetSpacing()) == [0.5, 2.0]
    done()
if __name__ == "__main__":
    main()
"""


class ProcessTest(BedTest):
    variable = "LAZYINDEX_BED_60"
    promise = "forks, pools, pickles and Dask: a program works"

    def assert_done(self, code, *arguments):
        with self.tally.case():
            self.assert_ends_well(code, *arguments)

    def assert_ends_well(self, code, *arguments):
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, "work.py").write_text(WORK)
            script = Path(folder, "script.py")
            script.write_text(code)
            run = self.lazy.run(script, *arguments, check=False)
        self.assertEqual(
            (0, ["done"]),
            (run.returncode, run.stdout.splitlines()[-1:]),
            run.stderr[-3000:],
        )

    def test_fork(self):
        for when in ("before", "after"):
            with self.subTest(when):
                self.assert_done(FORK, when)

    def test_methods(self):
        for method in ("fork", "spawn", "forkserver"):
            for when in ("before", "after"):
                with self.subTest(method=method, when=when):
                    self.assert_done(METHOD, method, when)

    def test_copies(self):
        self.assert_done(COPIES)

    def test_dask(self):
        has = self.lazy.run("-c", "import distributed", check=False)
        if has.returncode != 0 and not REQUIRED:
            self.skipTest("no dask.distributed in the bed")
        self.assert_done(DASK)


del BedTest  # no test by itself

if __name__ == "__main__":
    unittest.main()
