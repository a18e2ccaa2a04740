import Testing

@testable import VisionImage

@Suite struct StrokeFontTests {
  /// What is drawn for a character that the font has not.
  private func isBox(_ text: String) -> Bool {
    let box = StrokeFont.glyphs(of: "日")[0]
    return StrokeFont.glyphs(of: text).contains { same($0, box) }
  }

  private func same(_ a: StrokeFont.Glyph, _ b: StrokeFont.Glyph) -> Bool {
    a.advance == b.advance
      && a.strokes.map { $0.map { [$0.x, $0.y] } } == b.strokes.map { $0.map { [$0.x, $0.y] } }
  }

  @Test func allOfASCIIAndTheLettersOfLatin1AreThere() {
    let codes = Array(32...126) + Array(192...255) + [0xa1, 0xa3, 0xa5, 0xa7, 0xb0, 0xb7, 0xbf]
    for code in codes.map({ Unicode.Scalar(UInt8($0)) }) {
      #expect(!isBox(String(code)), "\(code)")
      #expect(StrokeFont.glyphs(of: String(code)).count == 1, "\(code)")
    }
  }

  @Test func noTwoCharactersLookAlike() {
    let text =
      (33...126).map { String(Unicode.Scalar(UInt8($0))) }
      + (192...255).map { String(Unicode.Scalar(UInt8($0))) }
    let glyphs = text.map { StrokeFont.glyphs(of: $0)[0] }
    for (index, glyph) in glyphs.enumerated() {
      for other in 0..<index where text[other] != text[index] {
        #expect(!same(glyph, glyphs[other]), "\(text[index]) \(text[other])")
      }
    }
  }

  @Test func strokesStayWithinTheirCharacter() {
    for code in Array(33...126) + Array(192...255) {
      let text = String(Unicode.Scalar(UInt8(code)))
      for glyph in StrokeFont.glyphs(of: text) {
        #expect(!glyph.strokes.isEmpty && glyph.strokes.allSatisfy { !$0.isEmpty }, "\(text)")
        for point in glyph.strokes.joined() {
          #expect(point.x >= 0 && point.x <= glyph.advance, "\(text) \(point)")
          #expect(point.y >= -1.6 && point.y <= 23, "\(text) \(point)")
        }
      }
    }
  }

  @Test func aLetterAndItsMarkAreTheLetterWithIt() {
    #expect(same(StrokeFont.glyphs(of: "e\u{301}")[0], StrokeFont.glyphs(of: "\u{e9}")[0]))
    #expect(!isBox("žłőąęğșčř"))
    #expect(StrokeFont.glyphs(of: "é")[0].strokes.count == StrokeFont.glyphs(of: "e")[0].strokes.count + 1)
    // The dot gives way to the mark.
    #expect(StrokeFont.glyphs(of: "í")[0].strokes.count == 2)
  }

  @Test func otherCharactersAreWhatComesClosest() {
    #expect(same(StrokeFont.glyphs(of: "q\u{301}\u{302}")[0], StrokeFont.glyphs(of: "q")[0]))
    #expect(StrokeFont.glyphs(of: "½").count == 3)
    #expect(isBox("日") && isBox("🐶") && StrokeFont.glyphs(of: "🐶").count == 1)
  }

  @Test func textIsCutWithDots() {
    let size = TextSize(capitals: 14)
    let whole = size.width(of: "traffic light")
    #expect(size.cut("traffic light", to: whole) == "traffic light")
    let cut = size.cut("traffic light", to: whole - 1)
    #expect(cut.hasSuffix("…") && size.width(of: cut) <= whole - 1 && cut.hasPrefix("traffic"))
    #expect(size.cut("traffic light", to: 3) == "")
    // Cut before a word, no space remains.
    #expect(size.cut("a bcdefgh", to: size.width(of: "a …")) == "a…")
  }
}
