// One text of each kind, of which axe is then asked whether its colours can be told apart: asked
// of every text, that takes most of axe's time.
//
// Of one kind are texts whose own colour is the same, and all that is painted behind them by what
// they stand in; large ones, of which WCAG asks less, are another. Of each the first and the last
// are chosen, in case one of them lies under something else. A kind that was chosen under this look
// before is not again.
(look) => {
  const known = ((window.kindsOfText ??= {})[look] ??= new Set());
  const chosen = new Map();

  const painted = (style) =>
    [
      [style.backgroundColor, "rgba(0, 0, 0, 0)"],
      [style.backgroundImage, "none"],
      [style.opacity, "1"],
      [style.position, "static"],
      [style.filter, "none"],
      [style.clip, "auto"],
      [style.clipPath, "none"],
    ].map(([value, nothing]) => (value === nothing ? "" : value)).join("");
  const speaks = (each) =>
    each.matches("input, select, textarea, button") ||
    [...each.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
  const large = (style) =>
    parseFloat(style.fontSize) >= (parseInt(style.fontWeight, 10) >= 700 ? 18.66 : 24);
  const kindOf = (each, style, behind, around) =>
    [
      behind, around, style.color, large(style), style.textShadow, style.textDecorationLine,
      each.localName === "a", each.matches(":disabled, [aria-disabled]"),
    ].join("|");

  const walk = (each, above, around) => {
    const style = getComputedStyle(each);
    if (style.display === "none") return;
    const paint = painted(style);
    const behind = paint ? `${above}/${paint}` : above;
    if (speaks(each) && each.checkVisibility({ visibilityProperty: true })) {
      const kind = kindOf(each, style, behind, around);
      if (!known.has(kind)) chosen.set(kind, [chosen.get(kind)?.[0] ?? each, each]);
    }
    for (const child of each.children) walk(child, behind, style.color);
  };
  walk(document.body, "", "");
  for (const kind of chosen.keys()) known.add(kind);
  return [...new Set([...chosen.values()].flat())];
}
