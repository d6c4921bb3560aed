# The front door. Recipes are short; what needs logic is in scripts/.

.PHONY: all demo test install uninstall bench wheel dist clean

all:
	@scripts/build-installable

demo:
	@scripts/demo

test:
	@scripts/test

# PREFIX, LIBDIR, INCLUDEDIR, DATADIR, MANDIR and DESTDIR: see scripts/install.
install:
	@scripts/install

uninstall:
	@scripts/install --remove

bench:
	@bench/run

wheel:
	@bindings/python/make-wheel

dist:
	@scripts/dist

clean:
	cargo clean
