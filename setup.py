"""The two settings that pyproject.toml cannot express: the cffi core and its abi3 wheel tag."""

from setuptools import setup

setup(
    cffi_modules=["native/build_ffi.py:ffibuilder"],
    options={"bdist_wheel": {"py_limited_api": "cp311"}},
)
