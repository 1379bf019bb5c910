import { expect, test } from "vitest";
import { keptIn } from "../../../../src/engine/code/parse/keptIn.ts";

/** The call begins at `¦`. */
const kept = (text: string) => keptIn(text.replace("¦", ""), text.indexOf("¦"));

test("what a call is kept in is told by what stands before it", () => {
  expect(kept("const cart = ¦open();")).toBe("cart");
  expect(kept("  let cart: Cart = await ¦open();")).toBe("cart");
  expect(kept("this.cart = new ¦Cart();")).toBe("this.cart");
  expect(kept("        self.cart = ¦Cart(1)")).toBe("self.cart");
  expect(kept("Cart<Item> cart = new ¦Cart();")).toBe("cart");
  expect(kept("shop::Cart* cart = new ¦Cart();")).toBe("cart");
  expect(kept("\tcart, err := ¦store.Open()")).toBe("cart");
  expect(kept("\tcart := &¦Cart{}")).toBe("cart");
  expect(kept("let mut cart: Cart<'a> = ¦Cart::new();")).toBe("cart");
  expect(kept("$cart = new ¦Cart();")).toBe("$cart");
  expect(kept("@cart = ¦Cart.new")).toBe("@cart");
  expect(kept("const cart =\n    ¦open();")).toBe("cart");
});

test("what is compared, added, given on or an argument is not kept", () => {
  for (const text of [
    "return ¦open();",
    "if (cart === ¦open()) {}",
    "cart += ¦open();",
    "if (x <= ¦open()) {}",
    "show(cart=¦open())",
    "a, b, c = ¦open()",
    "const show = () => ¦open();",
    "¦open();",
    "x = 1;\n¦open();",
  ])
    expect([text, kept(text)]).toEqual([text, undefined]);
});
