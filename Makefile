# The front door. Recipes are short; what needs logic is in scripts/.

.PHONY: all demo test bench wheel dist clean

all:
	cargo build --release

demo:
	@scripts/demo

test:
	@scripts/test

bench:
	@bench/run

wheel:
	@bindings/python/make-wheel

dist:
	@scripts/dist

clean:
	cargo clean
