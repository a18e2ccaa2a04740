import Testing
import VisionModel

@testable import VisionStore

/// Tables and arrays as bytes that nobody vouches for.
@Suite struct DatasetReaderTests {
  private func failure(_ body: () throws -> Void) -> FormatError.Kind? {
    do {
      try body()
      return nil
    } catch { return (error as? FormatError)?.kind }
  }

  private func row(_ value: Int, _ digit: Int, end: String = "\n") -> String {
    Array(repeating: "\(value)", count: 784).joined(separator: ",") + ",\(digit)\(end)"
  }

  private func digits(_ text: String) throws -> (train: LabeledPixels, test: LabeledPixels) {
    try DigitTable.read(ByteRange(Array(text.utf8)), testEvery: 2)
  }

  @Test func everySecondOfADigitIsForTesting() throws {
    let text = row(1, 3) + row(2, 7) + row(3, 3, end: "\r\n") + "\n" + row(4, 3) + row(255, 7)
    let (train, test) = try digits(text)
    #expect(train.labels == [3, 7, 3] && train.numbers == [0, 1, 3])
    #expect(test.labels == [3, 7] && test.numbers == [2, 4])
    #expect(train.pixels.count == 3 * 784 && train.pixels[0] == 1 && train.pixels[784] == 2)
    #expect(test.pixels[784] == 255)
  }

  @Test func tablesThatAreNotOfDigitsAreRefused() {
    for (text, kind) in [
      (row(256, 1), FormatError.Kind.corrupt), (row(1, 10), .corrupt), (row(1, 1, end: ""), .truncated),
      ("1,2,3\n", .corrupt), (row(1, 1, end: ",1\n"), .corrupt), (",\n", .corrupt), ("-1", .corrupt),
      (String(repeating: "9", count: 50_000) + ",", .corrupt), ("a\n", .corrupt), ("\0", .corrupt),
    ] {
      #expect(failure { _ = try digits(text) } == kind, "\(text.prefix(20))")
    }
    #expect(failure { _ = try DigitTable.read(ByteRange([0xff, 0xfe, 10]), testEvery: 5) } == .corrupt)
  }

  @Test func titlesAndNamesOfClassesAreAdded() throws {
    func text(_ text: String) throws -> String {
      try TitledTable.text(ByteRange(Array(text.utf8)), titles: "x,y", classes: ["one", "two"])
    }
    #expect(try text("1.5,0\r\n2,1\n") == "x,y\n1.5,one\n2,two\n")
    for bad in ["1,2\n", "1\n", "1,0,0\n", "1,-1\n", "1,x\n", "1,\n"] {
      #expect(failure { _ = try text(bad) } == .corrupt, "\(bad)")
    }
    #expect(
      failure { _ = try TitledTable.text(ByteRange([0xff]), titles: "x", classes: []) } == .corrupt)
  }

  @Test func arraysThatDoNotFitTogetherAreRefused() throws {
    func pixels(_ shape: [Int], _ labels: [Int], values: [UInt8]) throws {
      let images = TestArchive.array(shape, [UInt8](repeating: 0, count: shape.reduce(1, *)))
      _ = try LabeledPixels(
        images: IDXArray(ByteRange(images)),
        labels: IDXArray(ByteRange(TestArchive.array(labels, values))), classes: 2)
    }
    try pixels([2, 3, 4], [2], values: [0, 1])
    for (shape, labels, values) in [
      ([2, 3], [2], [0, 0]), ([2, 3, 4], [3], [0, 0, 0]), ([2, 3, 4], [2, 1], [0, 0]),
      ([2, 3, 4], [2], [0, 2]), ([2, 0, 4], [2], [0, 0]), ([1, 1, 2000], [1], [0]),
    ] as [([Int], [Int], [UInt8])] {
      #expect(failure { try pixels(shape, labels, values: values) } == .corrupt, "\(shape)")
    }
  }
}
