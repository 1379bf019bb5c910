/** What real tools print, each with the places that are in it, innermost first: `file:line:column symbol`. */
export interface TraceSample {
  readonly name: string;
  readonly text: string;
  readonly frames: readonly string[];
  /** What must be left of it as words to look for. */
  readonly says?: string;
}

export const TRACES: readonly TraceSample[] = [
  {
    name: "Node",
    text: `/srv/app/src/parser.js:42
    throw new SyntaxError("unexpected token");
    ^

SyntaxError: unexpected token
    at Parser.parse (/srv/app/src/parser.js:42:11)
    at async Object.load [as default] (file:///srv/app/src/load.mjs:7:3)
    at new Server (/srv/app/node_modules/fast/lib/server.js:10:5)
    at /srv/app/src/index.js:3:1
    at Array.map (<anonymous>)
    at process.processTicksAndRejections (node:internal/process/task_queues:105:5)`,
    frames: [
      "/srv/app/src/parser.js:42",
      "/srv/app/src/parser.js:42:11 parse",
      "file:///srv/app/src/load.mjs:7:3 load",
      "/srv/app/node_modules/fast/lib/server.js:10:5 Server",
      "/srv/app/src/index.js:3:1",
      "map",
      "node:internal/process/task_queues:105:5 processTicksAndRejections",
    ],
    says: "SyntaxError: unexpected token",
  },
  {
    name: "V8 on Windows",
    text: String.raw`TypeError: Cannot read properties of undefined (reading 'id')
    at Cart.total (C:\Users\Ada Lovelace\shop\src\cart.ts:18:24)
    at Object.<anonymous> (C:\Users\Ada Lovelace\shop\src\cart.test.ts:5:10)`,
    frames: [
      String.raw`C:\Users\Ada Lovelace\shop\src\cart.ts:18:24 total`,
      String.raw`C:\Users\Ada Lovelace\shop\src\cart.test.ts:5:10`,
    ],
    says: "Cannot read properties of undefined",
  },
  {
    name: "webpack and Vite in Chrome",
    text: `Uncaught Error: boom
    at render (webpack://shop/./src/App.tsx?a1b2:12:9)
    at eval (webpack-internal:///./src/main.ts:4:1)
    at mount (http://localhost:5173/src/mount.ts?t=1712:8:2)`,
    frames: [
      "webpack://shop/./src/App.tsx?a1b2:12:9 render",
      "webpack-internal:///./src/main.ts:4:1 eval",
      "http://localhost:5173/src/mount.ts?t=1712:8:2 mount",
    ],
  },
  {
    name: "Firefox",
    text: `render@http://localhost:3000/src/App.jsx:12:9
async*load/<@http://localhost:3000/src/load.js:3:14
@http://localhost:3000/@fs/home/ada/lib.js:1:1`,
    frames: [
      "http://localhost:3000/src/App.jsx:12:9 render",
      "http://localhost:3000/src/load.js:3:14 load",
      "http://localhost:3000/@fs/home/ada/lib.js:1:1",
    ],
  },
  {
    name: "Python",
    text: `Traceback (most recent call last):
  File "/app/main.py", line 8, in <module>
    run()
  File "/usr/lib/python3.12/asyncio/runners.py", line 194, in run
    return runner.run(main)
  File "/app/shop/cart.py", line 21, in total
    return price / count
           ~~~~~~^~~~~~~
ZeroDivisionError: division by zero`,
    frames: ["/app/shop/cart.py:21 total", "/usr/lib/python3.12/asyncio/runners.py:194 run", "/app/main.py:8"],
    says: "ZeroDivisionError: division by zero",
  },
  {
    name: "pytest",
    text: `tests/test_cart.py:12: in test_total
    assert total([]) == 0
shop/cart.py:21: in total
    return price / count
E   ZeroDivisionError: division by zero
=========================== short test summary info ============================
FAILED tests/test_cart.py::TestCart::test_total - ZeroDivisionError: division by zero`,
    frames: ["shop/cart.py:21 total", "tests/test_cart.py:12 test_total", "tests/test_cart.py test_total"],
    says: "division by zero",
  },
  {
    name: "Java",
    text: `Exception in thread "main" java.lang.IllegalStateException: no session
	at com.acme.shop.Cart$Line.total(Cart.java:42)
	at app//com.acme.shop.Cart.checkout(Cart.java:17)
	at java.base/java.util.ArrayList.forEach(ArrayList.java:1511)
	at java.base/jdk.internal.reflect.DirectMethodHandleAccessor.invoke(Native Method)
Caused by: java.lang.NullPointerException
	at com.acme.shop.Main.main(Main.java:5)
	... 3 more`,
    frames: [
      "Cart.java:42 total",
      "Cart.java:17 checkout",
      "ArrayList.java:1511 forEach",
      "invoke",
      "Main.java:5 main",
    ],
    says: "IllegalStateException: no session",
  },
  {
    name: "Kotlin",
    text: `Exception in thread "main" kotlin.KotlinNullPointerException
	at com.acme.CartKt.total(Cart.kt:9)
	at com.acme.Shop$checkout$1.invokeSuspend(Shop.kt:31)
	at kotlin.coroutines.jvm.internal.BaseContinuationImpl.resumeWith(ContinuationImpl.kt:33)`,
    frames: ["Cart.kt:9 total", "Shop.kt:31 invokeSuspend", "ContinuationImpl.kt:33 resumeWith"],
  },
  {
    name: "a panic of Go",
    text: `panic: runtime error: index out of range [3] with length 3

goroutine 1 [running]:
main.(*Cart).Total(0xc000012345, {0xc00001c0a8, 0x3})
	/home/ada/shop/cart/cart.go:42 +0x1d
main.main()
	/home/ada/shop/main.go:9 +0x8a
created by net/http.(*Server).Serve in goroutine 1
	/usr/local/go/src/net/http/server.go:3285 +0x4b4
exit status 2`,
    frames: [
      "/home/ada/shop/cart/cart.go:42 Total",
      "/home/ada/shop/main.go:9 main",
      "/usr/local/go/src/net/http/server.go:3285 Serve",
    ],
    says: "index out of range [3] with length 3",
  },
  {
    name: "go build and go test",
    text: `# acme/shop/cart
cart/cart.go:17:9: undefined: pricee
./main.go:3:2: "os" imported and not used
--- FAIL: TestTotal (0.00s)
    cart_test.go:12: got 3, want 4`,
    frames: ["cart/cart.go:17:9", "./main.go:3:2", "cart_test.go:12"],
    says: "undefined: pricee",
  },
  {
    name: "a panic of Rust with its backtrace",
    text: `thread 'main' panicked at src/cart.rs:21:9:
attempt to divide by zero
stack backtrace:
   0: rust_begin_unwind
             at /rustc/9fc6b43126469e3858e2fe86cafb4f0fd5068869/library/std/src/panicking.rs:665:5
   1: shop::cart::Cart::total::h0123456789abcdef
             at ./src/cart.rs:21:9
   2: shop::main
             at ./src/main.rs:5:3`,
    frames: [
      "src/cart.rs:21:9",
      "/rustc/9fc6b43126469e3858e2fe86cafb4f0fd5068869/library/std/src/panicking.rs:665:5 rust_begin_unwind",
      "./src/cart.rs:21:9 total",
      "./src/main.rs:5:3 main",
    ],
    says: "attempt to divide by zero",
  },
  {
    name: "an older panic of Rust",
    text: `thread 'main' panicked at 'no session', src/session.rs:7:13`,
    frames: ["src/session.rs:7:13"],
    says: "no session",
  },
  {
    name: "cargo",
    text: `error[E0308]: mismatched types
  --> crates/cart/src/lib.rs:42:5
   |
42 |     total
   |     ^^^^^ expected \`u32\`, found \`i64\``,
    frames: ["crates/cart/src/lib.rs:42:5"],
    says: "mismatched types",
  },
  {
    name: ".NET",
    text: String.raw`Unhandled exception. System.InvalidOperationException: no session
   at Acme.Shop.Cart.Total(IEnumerable${"`"}1 lines) in C:\src\Shop\Cart.cs:line 42
   at Acme.Shop.Program.<Main>$(String[] args) in /home/ada/shop/Program.cs:line 5
   at Acme.Shop.Cart.Checkout(Order order)
   at System.Threading.Tasks.Task.Wait()`,
    frames: [String.raw`C:\src\Shop\Cart.cs:42 Total`, "/home/ada/shop/Program.cs:5 Main", "Checkout", "Wait"],
    says: "InvalidOperationException: no session",
  },
  {
    name: "Ruby",
    text: `/app/lib/shop/cart.rb:21:in \`/': divided by 0 (ZeroDivisionError)
	from /app/lib/shop/cart.rb:21:in \`block in total'
	from /usr/lib/ruby/3.2.0/set.rb:501:in \`each'
	from bin/shop:3:in \`<main>'`,
    frames: [
      "/app/lib/shop/cart.rb:21",
      "/app/lib/shop/cart.rb:21 total",
      "/usr/lib/ruby/3.2.0/set.rb:501 each",
      "bin/shop:3",
    ],
    says: "divided by 0",
  },
  {
    name: "Ruby 3.4",
    text: `app/models/cart.rb:21:in 'Shop::Cart#total': undefined method 'price' for nil (NoMethodError)`,
    frames: ["app/models/cart.rb:21 total"],
    says: "undefined method 'price' for nil",
  },
  {
    name: "PHP",
    text: `PHP Fatal error:  Uncaught DivisionByZeroError: Division by zero in /var/www/src/Cart.php:21
Stack trace:
#0 /var/www/src/Shop.php(42): Acme\\Cart->total()
#1 /var/www/vendor/slim/slim/Slim/App.php(199): Slim\\App::run()
#2 {main}
  thrown in /var/www/src/Cart.php on line 21`,
    frames: [
      "/var/www/src/Cart.php:21",
      "/var/www/src/Shop.php:42 total",
      "/var/www/vendor/slim/slim/Slim/App.php:199 run",
      "/var/www/src/Cart.php:21",
    ],
    says: "Division by zero",
  },
  {
    name: "Dart",
    text: `Unhandled exception:
Bad state: No element
#0      List.first (dart:core-patch/growable_array.dart:343:5)
#1      Cart.total.<anonymous closure> (package:shop/src/cart.dart:42:18)
#2      main (file:///home/ada/shop/bin/main.dart:5:3)
package:shop/src/cart.dart 42:18  Cart.total`,
    frames: [
      "dart:core-patch/growable_array.dart:343:5 first",
      "package:shop/src/cart.dart:42:18 total",
      "file:///home/ada/shop/bin/main.dart:5:3 main",
      "package:shop/src/cart.dart:42:18 total",
    ],
    says: "Bad state: No element",
  },
  {
    name: "gcc",
    text: `In file included from src/cart.h:3,
                 from src/cart.c:1:
src/cart.c: In function ‘total’:
src/cart.c:42:5: error: ‘pricee’ undeclared (first use in this function)
src/cart.c:50:10: warning: unused variable ‘n’ [-Wunused-variable]`,
    frames: ["src/cart.h:3", "src/cart.c:1", "src/cart.c:42:5 total", "src/cart.c:50:10 total"],
    says: "undeclared (first use in this function)",
  },
  {
    name: "clang, the linker and a sanitizer",
    text: `/build/src/cart.cpp:7:3: fatal error: 'price.h' file not found
/usr/bin/ld: src/main.c:12: undefined reference to \`total'
==1==ERROR: AddressSanitizer: heap-use-after-free
    #0 0x55d1 in shop::total(int*) /build/src/cart.cpp:21:9
#1  0x00005555 in main (argc=1, argv=0x7ff) at src/main.c:12`,
    frames: ["/build/src/cart.cpp:7:3", "src/main.c:12", "/build/src/cart.cpp:21:9 total", "src/main.c:12 main"],
    says: "heap-use-after-free",
  },
  {
    name: "tsc",
    text: `src/cart.ts(42,5): error TS2345: Argument of type 'string' is not assignable to parameter of type 'number'.
src/shop.ts:7:13 - error TS2304: Cannot find name 'total'.`,
    frames: ["src/cart.ts:42:5", "src/shop.ts:7:13"],
    says: "Argument of type 'string' is not assignable",
  },
  {
    name: "eslint",
    text: `
/home/ada/shop/src/cart.ts
  12:7   error    'total' is assigned a value but never used  @typescript-eslint/no-unused-vars
  20:1   warning  Unexpected console statement                no-console

/home/ada/shop/src/shop.js
  3:5  error  'price' is not defined  no-undef

✖ 3 problems (2 errors, 1 warning)`,
    frames: ["/home/ada/shop/src/cart.ts:12:7", "/home/ada/shop/src/cart.ts:20:1", "/home/ada/shop/src/shop.js:3:5"],
    says: "'total' is assigned a value but never used",
  },
  {
    name: "vitest, in colours and through docker compose",
    text: `app-1  | \u001b[31mAssertionError: expected 3 to be 4\u001b[39m
app-1  |  \u001b[36m❯\u001b[39m total src/cart.ts:21:5
app-1  |  \u001b[36m❯\u001b[39m src/cart.test.ts:7:10`,
    frames: ["src/cart.ts:21:5 total", "src/cart.test.ts:7:10"],
    says: "expected 3 to be 4",
  },
  {
    name: "a place in a sentence",
    text: "why does `src/cart.ts:42` round, and what of src/shop.py line 7?",
    frames: ["src/cart.ts:42"],
    says: "round",
  },
  { name: "no place at all", text: "Where are prices rounded? See http://localhost:8080 at 12:30", frames: [] },
];
