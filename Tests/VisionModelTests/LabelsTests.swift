import Testing

@testable import VisionModel

@Suite struct LabelsTests {
  @Test func readsOneNameALine() throws {
    #expect(try Labels.parse("cat\ndog, wild\r\n  bird \n\n") == ["cat", "dog, wild", "bird"])
    #expect(try Labels.parse("\u{FEFF}one") == ["one"])
  }

  @Test func readsIndicesInAnyOrder() throws {
    #expect(try Labels.parse("1\tdog\n0\tcat") == ["cat", "dog"])
    #expect(
      try Labels.parse("index,label\n0,\"great \"\"white\"\" shark\"\n1,a, b") == [
        "great \"white\" shark", "a, b",
      ])
    #expect(try Labels.parse("0\tn01440764\ttench\n1\tn01443537\tgoldfish") == ["tench", "goldfish"])
  }

  @Test(arguments: ["", "\n", "0,a\n0,b", "0,a\n2,b", "-1,a\n0,b", "a\n\nb"])
  func listsThatAreNoneAreRefused(_ text: String) {
    #expect(formatError { _ = try Labels.parse(text) }?.kind == .corrupt)
  }
}
