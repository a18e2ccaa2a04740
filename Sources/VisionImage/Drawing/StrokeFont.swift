import VisionSystem
import VisionTensor

/// A font of pen strokes for text in images, which needs nothing of the system: ASCII, the letters of Latin-1 and what else
/// Latin letters with one mark are.
///
/// A letter with a mark is put together from both. Of another character the first scalar is drawn, if the font has it,
/// else a hollow box.
enum StrokeFont {
  /// The way of the pen's middle.
  struct Glyph: Sendable {
    /// Units to the next character; capitals are 14 units high.
    var advance: Double
    /// Each stroke's points, between which lines are drawn.
    var strokes: [[Point]]
  }

  struct Point: Sendable {
    var x: Double
    var y: Double

    func moved(_ dx: Double, _ dy: Double) -> Point { Point(x: x + dx, y: y + dy) }
    func middle(_ other: Point) -> Point { Point(x: (x + other.x) / 2, y: (y + other.y) / 2) }
  }

  /// The heights of capitals and of the base line.
  static let (capital, baseLine) = (4.0, 18.0)

  /// A space's width.
  private static let space = Glyph(advance: 6.4, strokes: [])
  private static let box = Glyph(
    advance: 12,
    strokes: [
      [
        Point(x: 2, y: 4), Point(x: 10, y: 4), Point(x: 10, y: 18), Point(x: 2, y: 18), Point(x: 2, y: 4),
      ]
    ])

  private static let plain = parsed(StrokeGlyphs.letters + "\n" + StrokeGlyphs.others)

  /// The letters with one mark. Strings are equal when their canonical decompositions are, so that a letter and its combining mark
  /// find the single scalar that stands for both.
  private static let marked: [Character: Glyph] = {
    let marks = parsed(StrokeGlyphs.marks)
    let combining: [(mark: Character, scalar: Unicode.Scalar)] = [
      ("`", "\u{300}"), ("´", "\u{301}"), ("^", "\u{302}"), ("~", "\u{303}"), ("¯", "\u{304}"),
      ("˘", "\u{306}"), ("˙", "\u{307}"), ("¨", "\u{308}"), ("˚", "\u{30A}"), ("˝", "\u{30B}"),
      ("ˇ", "\u{30C}"), (",", "\u{326}"), ("¸", "\u{327}"), ("˛", "\u{328}"),
    ]
    var result: [Character: Glyph] = [:]
    for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyzÆØæø" {
      for (mark, scalar) in combining {
        let isBelow = scalar.value >= 0x326
        let stem: Character = isBelow ? letter : letter == "i" ? "ı" : letter == "j" ? "ȷ" : letter
        guard var glyph = plain[stem], let above = marks[mark] else { continue }
        if glyph.advance < 6 {
          glyph.strokes = glyph.strokes.map { $0.map { $0.moved(1.3, 0) } }
          glyph.advance += 2.6
        }
        // Marks rise over capitals and over letters with ascenders.
        let rise = isBelow ? 0 : letter.isUppercase || "bdfhklt".contains(letter) ? -3.9 : 0
        let middle = letter == "j" ? 3.9 : glyph.advance / 2
        glyph.strokes += above.strokes.map { $0.map { $0.moved(middle, rise) } }
        result[Character(String(letter) + String(Character(scalar)))] = glyph
      }
    }
    return result
  }()

  /// What stands for characters that the font has not.
  private static let others: [Character: String] = [
    "\u{a0}": " ", "\u{202f}": " ", "\u{2011}": "-", "\u{2212}": "–", "‘": "'", "’": "'", "‚": ",", "“": "\"",
    "”": "\"", "„": "\"", "¹": "1", "²": "2", "³": "3", "¼": "1/4", "½": "1/2", "¾": "3/4", "ª": "a",
    "º": "°",
    "©": "(c)", "®": "(r)", "ſ": "s", "ŉ": "'n", "ĳ": "ij", "Ĳ": "IJ", "\t": " ", "\n": " ", "\r\n": " ",
  ]

  /// The glyphs of a text.
  static func glyphs(of text: String) -> [Glyph] {
    text.flatMap { character in
      (others[character] ?? String(character)).map { glyph(of: $0) }
    }
  }

  private static func glyph(of character: Character) -> Glyph {
    if character == " " { return space }
    if let glyph = plain[character] ?? marked[character] { return glyph }
    // A letter with several marks that are scalars of their own.
    guard let first = character.unicodeScalars.first, character.unicodeScalars.count > 1 else { return box }
    return plain[Character(first)] ?? marked[Character(first)] ?? box
  }

  /// Reads lines of `StrokeGlyphs`.
  private static func parsed(_ text: String) -> [Character: Glyph] {
    var result: [Character: Glyph] = [:]
    for line in text.split(separator: "\n") {
      guard let name = line.first else { continue }
      let words = line.dropFirst().split(separator: " ")
      guard let advance = words.first.flatMap({ Double($0) }) else { continue }
      let strokes = words.dropFirst().split(separator: "|").map { stroke(Array($0)) }
      result[name] = Glyph(advance: advance, strokes: strokes)
    }
    return result
  }

  private static func stroke(_ words: [Substring]) -> [Point] {
    var points: [(isOn: Bool, at: Point)] = []
    for word in words where word != "z" {
      let numbers = word.drop { $0 == "~" }.split(separator: ",").compactMap { Double($0) }
      guard numbers.count == 2 else { continue }
      points.append((word.first != "~", Point(x: numbers[0], y: numbers[1])))
    }
    if words.last == "z", let first = points.first, let last = points.last {
      // A closed way begins at a point that lies on it.
      if !first.isOn { points.insert((true, last.isOn ? last.at : first.at.middle(last.at)), at: 0) }
      points.append(points[0])
    }
    return flattened(points)
  }

  /// The lines that a way of lines and quadratic curves comes to.
  private static func flattened(_ points: [(isOn: Bool, at: Point)]) -> [Point] {
    guard let start = points.first?.at else { return [] }
    var result = [start]
    var control: Point?
    func curve(_ middle: Point, to end: Point) {
      let begin = result[result.count - 1]
      let steps = 8
      for step in 1...steps {
        let t = Double(step) / Double(steps)
        let (a, b, c) = ((1 - t) * (1 - t), 2 * t * (1 - t), t * t)
        result.append(
          Point(x: a * begin.x + b * middle.x + c * end.x, y: a * begin.y + b * middle.y + c * end.y))
      }
    }
    for point in points.dropFirst() {
      switch (control, point.isOn) {
      case (nil, true): result.append(point.at)
      case (nil, false): control = point.at
      case (let middle?, true):
        curve(middle, to: point.at)
        control = nil
      case (let middle?, false):
        curve(middle, to: middle.middle(point.at))
        control = point.at
      }
    }
    return result
  }
}
