"""Conan 2: builds the library from this checkout with `make install`.

    conan create packaging/conan                   # the static library
    conan create packaging/conan -o "&:shared=True"

Needs cargo and make; what cargo needs must be in its cache where there is no network.
"""

import os
import re
from typing import ClassVar

from conan import ConanFile
from conan.errors import ConanInvalidConfiguration
from conan.tools.files import copy, load, rename, rm, rmdir

required_conan_version = ">=2.0"


class CsScaleOut(ConanFile):
    name = "cs_scale_out"
    description = "Add worker nodes to an Alibaba Cloud Kubernetes cluster, never sending twice"
    license = "MIT OR Apache-2.0"
    topics = ("alibaba-cloud", "ack", "kubernetes", "scale-out")
    package_type = "library"
    settings = "os", "arch", "compiler", "build_type"
    options: ClassVar = {"shared": [True, False]}
    default_options: ClassVar = {"shared": False}

    # The library, and the other members of its cargo workspace, which cargo looks at.
    SOURCES = (
        "Cargo.toml", "Cargo.lock", "build.rs", "Makefile", "README.md", "LICENSE*", "THIRD-PARTY",
        "src/*", "include/*", "schema/*", "scripts/*", "packaging/*.in",
        "bindings/cpp/*.hpp", "bindings/python/Cargo.toml", "bindings/python/src/*", "local-ack/*",
        "tests/schema-oracle/*",
    )  # fmt: skip

    @property
    def _checkout(self):
        return os.path.join(self.recipe_folder, os.pardir, os.pardir)

    def set_version(self):
        manifest = load(self, os.path.join(self._checkout, "Cargo.toml"))
        self.version = re.search(r'^\[workspace\.package\]\nversion = "(.+)"', manifest, re.MULTILINE).group(1)

    def export_sources(self):
        for pattern in self.SOURCES:
            copy(self, pattern, src=self._checkout, dst=self.export_sources_folder)

    def configure(self):
        # C to whoever links it; its C++ is a header.
        self.settings.rm_safe("compiler.cppstd")
        self.settings.rm_safe("compiler.libcxx")

    def validate(self):
        if self.settings.os != "Linux":
            raise ConanInvalidConfiguration("cs_scale_out: its packaging is for Linux")

    def package_id(self):
        # Always cargo's release build, whatever compiles the rest.
        del self.info.settings.compiler
        del self.info.settings.build_type

    def build(self):
        self.run("make")

    def package(self):
        self.run(f'make install DESTDIR= PREFIX="{self.package_folder}"')
        share = os.path.join(self.package_folder, "share")
        rename(self, os.path.join(share, "doc", "cs_scale_out"), os.path.join(self.package_folder, "licenses"))
        rmdir(self, os.path.join(share, "doc"))
        lib = os.path.join(self.package_folder, "lib")
        rm(self, "*.a" if self.options.shared else "*.so*", lib)
        # Conan writes both for the package it makes of this.
        rmdir(self, os.path.join(lib, "cmake"))
        rmdir(self, os.path.join(lib, "pkgconfig"))

    def package_info(self):
        self.cpp_info.libs = ["cs_scale_out"]
        self.cpp_info.set_property("cmake_file_name", "cs_scale_out")
        self.cpp_info.set_property("cmake_target_name", "cs_scale_out::cs_scale_out")
        self.cpp_info.set_property("pkg_config_name", "cs_scale_out")
        if not self.options.shared:
            self.cpp_info.set_property("cmake_target_aliases", ["cs_scale_out::static"])
            self.cpp_info.system_libs = ["util", "rt", "pthread", "m", "dl"]
