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

  private func add(
    _ lines: inout AlignedLines, _ name: String, _ line: [Record.Word], seconds: Double, isFull: Bool
  ) {
    let result = lines.add(name, line, seconds: seconds)
    #expect(result == isFull)
  }

  @Test func columnsStandBelowEachOther() {
    var lines = AlignedLines()
    add(&lines, "a.png", Self.line(("beagle", "0.97"), ("pug", "0.02")), seconds: 0, isFull: false)
    add(&lines, "long/b.png", Self.line(("pug", "0.61"), ("boxer", "0.30")), seconds: 0.1, isFull: false)
    let text = lines.flush { word, emphasis in emphasis == .strong ? "*\(word)*" : word }
    #expect(
      text == """
        a.png       *beagle* 0.97  *pug* 0.02
        long/b.png  *pug* 0.61     *boxer* 0.30

        """)
    let nothing = lines.flush { word, _ in word }
    #expect(nothing == "")
    // What comes later is no narrower.
    _ = lines.add("c", Self.line(("x", "1.00"), ("y", "0.00")), seconds: 1)
    let later = lines.flush { word, _ in word }
    #expect(later == "c           x 1.00       y 0.00\n")
  }

  @Test func linesWaitForAScreenOrHalfASecond() {
    var lines = AlignedLines()
    for _ in 0..<23 { add(&lines, "a", [], seconds: 5, isFull: false) }
    add(&lines, "a", [], seconds: 5, isFull: true)
    _ = lines.flush { word, _ in word }
    add(&lines, "a", [], seconds: 7, isFull: false)
    add(&lines, "a", [], seconds: 7.6, isFull: true)
  }

  @Test func controlCharactersAreEscaped() {
    var lines = AlignedLines()
    _ = lines.add("a\u{1b}[2J", Self.line(("b\nc", "0.50")), seconds: 0)
    let text = lines.flush { word, _ in word }
    #expect(!text.contains("\u{1b}") && text.filter { $0 == "\n" }.count == 1)
  }

  @Test func longPathsLoseTheirMiddle() {
    var lines = AlignedLines(width: 40)
    let path = "photos/of/many/dogs/and/cats/a.png"
    _ = lines.add(path, Self.line(("pug", "0.61"), ("boxer", "0.30")), seconds: 0)
    let text = lines.flush { word, _ in word }
    #expect(text == "photo…d/cats/a.png  pug 0.61  boxer 0.30\n")
  }

  @Test func wordsWithoutRoomAreLeftOut() {
    var lines = AlignedLines(width: 31)
    _ = lines.add(
      "a.png", Self.line(("beagle", "0.97"), ("pug", "0.02"), ("boxer", "0.01")), seconds: 0)
    let text = lines.flush { word, _ in word }
    #expect(text == "a.png  beagle 0.97  pug 0.02  …\n")
  }

  @Test func theFirstWordIsCutIfItAloneIsTooLong() {
    var lines = AlignedLines(width: 30)
    _ = lines.add("b.png", Self.line(("a class with a very long name", "0.97")), seconds: 0)
    let text = lines.flush { word, _ in word }
    #expect(text == "b.png  a class with a very lo…\n")
  }
}
