import Testing
import VisionInference
import VisionNet

@testable import VisionNetCLI

@Suite struct AlignedLinesTests {
  private static func line(_ words: (String, String)...) -> [Record.Word] {
    words.flatMap {
      [Record.Word("  "), Record.Word($0.0, .strong), Record.Word(" "), Record.Word($0.1, .faint)]
    }
  }

  @Test func columnsStandBelowEachOther() {
    var lines = AlignedLines()
    #expect(!lines.add("a.png", Self.line(("beagle", "0.97"), ("pug", "0.02")), seconds: 0))
    #expect(!lines.add("long/b.png", Self.line(("pug", "0.61"), ("boxer", "0.30")), seconds: 0.1))
    let text = lines.flush { word, emphasis in emphasis == .strong ? "*\(word)*" : word }
    #expect(
      text == """
        a.png       *beagle* 0.97  *pug* 0.02
        long/b.png  *pug* 0.61     *boxer* 0.30

        """)
    #expect(lines.flush { word, _ in word } == "")
    // What comes later is no narrower.
    _ = lines.add("c", Self.line(("x", "1.00"), ("y", "0.00")), seconds: 1)
    #expect(lines.flush { word, _ in word } == "c           x 1.00       y 0.00\n")
  }

  @Test func linesWaitForAScreenOrHalfASecond() {
    var lines = AlignedLines()
    for _ in 0..<23 { #expect(!lines.add("a", [], seconds: 5)) }
    #expect(lines.add("a", [], seconds: 5))
    _ = lines.flush { word, _ in word }
    #expect(!lines.add("a", [], seconds: 7))
    #expect(lines.add("a", [], seconds: 7.6))
  }

  @Test func controlCharactersAreEscaped() {
    var lines = AlignedLines()
    _ = lines.add("a\u{1b}[2J", Self.line(("b\nc", "0.50")), seconds: 0)
    let text = lines.flush { word, _ in word }
    #expect(!text.contains("\u{1b}") && text.filter { $0 == "\n" }.count == 1)
  }
}
