import Testing

@testable import VisionSystem

@Suite struct DecodedTextTests {
  private func failure(_ bytes: [UInt8]) -> DecodedText.Failure? {
    do {
      _ = try DecodedText(bytes)
      return nil
    } catch { return error }
  }

  private func wide(_ text: String, isBig: Bool) -> [UInt8] {
    text.utf16.flatMap { unit -> [UInt8] in
      let (high, low) = (UInt8(unit >> 8), UInt8(unit & 255))
      return isBig ? [high, low] : [low, high]
    }
  }

  @Test func everyUsualEncodingIsTheSameText() throws {
    let text = "path,label\r\nbär.png,日本\n"
    #expect(try DecodedText(Array(text.utf8)).string == text)
    #expect(try DecodedText([0xef, 0xbb, 0xbf] + Array(text.utf8)).string == text)
    for isBig in [false, true] {
      let mark: [UInt8] = isBig ? [0xfe, 0xff] : [0xff, 0xfe]
      #expect(try DecodedText(mark + wide(text, isBig: isBig)).string == text)
      #expect(try DecodedText(wide(text, isBig: isBig)).string == text)
    }
    #expect(try DecodedText([]).string == "")
    #expect(try DecodedText([0xff, 0xfe]).string == "")
  }

  @Test func whatIsNoTextIsNamedWithItsLine() {
    #expect(failure(Array("a\nb\r\nc\rd".utf8) + [0xe9, 10])?.line == 4)
    #expect(failure(Array("a\n".utf8) + [0])?.line == 2)
    #expect(failure([0xff, 0xfe] + wide("a\nb", isBig: false) + [0x00, 0xd8])?.line == 2)
    #expect(failure([0xfe, 0xff] + wide("a\n\u{0}", isBig: true))?.message.contains("zero") == true)
    #expect(failure([0xff, 0xfe, 0x41])?.message.contains("UTF-16") == true)
    #expect(failure([0xff, 0xfe, 0, 0, 0x41, 0, 0, 0])?.message.contains("UTF-32") == true)
    // Two zero bytes among many others are no UTF-16.
    #expect(failure([0x50, 0x4b, 3, 4, 0, 0, 0x41, 0x42]) != nil)
  }
}
