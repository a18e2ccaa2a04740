import VisionNet
import VisionSystem

/// A font for text in images. Its characters are 5 pixels wide and 9 high, with the last two rows below the
/// baseline.
enum BitmapFont {
  /// Pixels from one character to the next, at scale 1.
  static let advance = 6
  /// Rows of a character, at scale 1.
  static let height = 9

  /// 45 bits per character, row by row from the top, for the ASCII characters 32...126.
  private static let glyphs: [UInt64] = [
    0x000000000000, 0x042108401000, 0x0a5000000000, 0x0a57d5f52800, 0x047d1c5f1000, 0x19c88889cc00,
    0x0c9511593400, 0x042200000000, 0x022210820800, 0x082084222000, 0x00abbeea8000, 0x00213e420000,
    0x000000c61100, 0x00001c000000, 0x000000063000, 0x010888884000, 0x0e8ceb98b800, 0x046108423800,
    0x0e884c887c00, 0x1f110418b800, 0x0232a5f10800, 0x1f878218b800, 0x06443d18b800, 0x1f0888842000,
    0x0e8c5d18b800, 0x0e8c5e113000, 0x006300c60000, 0x006300c61100, 0x022220820800, 0x0007c1f00000,
    0x082082222000, 0x0e8844401000, 0x0e8deb683c00, 0x0e8c7f18c400, 0x1e8c7d18f800, 0x0e8c2108b800,
    0x1e8c6318f800, 0x1f843d087c00, 0x1f843d084000, 0x0e8c2f18bc00, 0x118c7f18c400, 0x0e2108423800,
    0x071084293000, 0x119531494400, 0x108421087c00, 0x11dd6b18c400, 0x11cd6718c400, 0x0e8c6318b800,
    0x1e8c7d084000, 0x0e8c63593400, 0x1e8c7d494400, 0x0f841c10f800, 0x1f2108421000, 0x118c6318b800,
    0x118c63151000, 0x118c6b5dc400, 0x118a88a8c400, 0x118a88421000, 0x1f0888887c00, 0x0e4210843800,
    0x108208208400, 0x0e1084213800, 0x045440000000, 0x000000007c00, 0x082000000000, 0x000382f8bc00,
    0x1087a318f800, 0x0003a108b800, 0x010be318bc00, 0x0003a3f83c00, 0x064a38842000, 0x0003e318bc2e,
    0x1087a318c400, 0x040308423800, 0x020184210a4c, 0x1084a98a4800, 0x0c2108423800, 0x0006ab5ad400,
    0x0007a318c400, 0x0003a318b800, 0x0007a318fa10, 0x0003e318bc21, 0x0005b3084000, 0x0003e0e0f800,
    0x084710849800, 0x00046318bc00, 0x000463151000, 0x0004635aa800, 0x000454454400, 0x00046318bc2e,
    0x0007c4447c00, 0x032110420c00, 0x042108421000, 0x182104426000, 0x00026c000000,
  ]

  /// A hollow box, for characters that the font lacks.
  private static let missing: UInt64 = 0x1f8c_6318_fc00

  /// Letters of Latin-1 without their diacritics.
  private static let plain: [Character: String] = {
    let letters: [(String, String)] = [
      ("ÀÁÂÃÄÅ", "A"), ("Ç", "C"), ("ÈÉÊË", "E"), ("ÌÍÎÏ", "I"), ("Ñ", "N"), ("ÒÓÔÕÖØ", "O"), ("ÙÚÛÜ", "U"),
      ("Ý", "Y"), ("àáâãäå", "a"), ("ç", "c"), ("èéêë", "e"), ("ìíîï", "i"), ("ñ", "n"), ("òóôõöø", "o"),
      ("ùúûü", "u"), ("ýÿ", "y"), ("ß", "ss"), ("æ", "ae"), ("Æ", "AE"), ("œ", "oe"), ("×", "x"), ("–—", "-"),
    ]
    return Dictionary(letters.flatMap { marked, plain in marked.map { ($0, plain) } }) { first, _ in first }
  }()

  /// The glyphs of a text.
  static func glyphs(of text: String) -> [UInt64] {
    text.flatMap { plain[$0] ?? String($0) }.map { character in
      guard let code = character.asciiValue, code >= 32, code < 127 else { return missing }
      return glyphs[Int(code) - 32]
    }
  }

  /// Whether the pixel at a column 0...4 and a row 0...8 of a glyph is set.
  static func isSet(_ glyph: UInt64, column: Int, row: Int) -> Bool {
    glyph >> (44 - UInt64(row * 5 + column)) & 1 == 1
  }

  /// The width of a text in pixels.
  static func width(of text: String, scale: Int) -> Int { glyphs(of: text).count * advance * scale }

  /// Breaks a text between words into lines no wider than `width`, except for single words that are wider.
  static func lines(of text: String, scale: Int, width: Int) -> [String] {
    var lines: [String] = []
    for word in text.split(separator: " ") {
      if let last = lines.last, Self.width(of: last + " " + word, scale: scale) <= width {
        lines[lines.count - 1] = last + " " + word
      } else {
        lines.append(String(word))
      }
    }
    return lines
  }

  /// The text, with its end replaced by three dots if it is wider than `width`.
  static func cut(_ text: String, scale: Int, width: Int) -> String {
    guard Self.width(of: text, scale: scale) > width else { return text }
    var text = text
    while !text.isEmpty, Self.width(of: text + "...", scale: scale) > width { text.removeLast() }
    return text + "..."
  }
}
