import Foundation
import Testing

@testable import VisionSystem

@Suite struct JSONTests {
  private let value: JSON = [
    "text": "a\"b\\c\n\u{1}é", "numbers": .array([1, .number(0.5), .float(0.1), .number(.nan)]),
    "nested": .array([["a": .bool(true)], ["b": .null]]), "empty": .array([]),
  ]

  @Test func keysKeepTheirOrder() {
    #expect(
      value.text == #"{"text": "a\"b\\c\n\u0001é", "numbers": [1, 0.5, 0.1, null], "#
        + #""nested": [{"a": true}, {"b": null}], "empty": []}"#)
  }

  @Test func bothFormsAreTheSameJSON() throws {
    let objects = try [value.text, value.indented].map {
      try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? NSDictionary)
    }
    #expect(objects[0] == objects[1])
    #expect(objects[0]["text"] as? String == "a\"b\\c\n\u{1}é")
    #expect(value.indented.contains("\n  \"numbers\": [1, 0.5, 0.1, null],\n"))
  }

  @Test func smallNumbersStayNumbers() throws {
    let text = JSON.array([.float(1e-9), .number(1e300), .number(-0.0)]).text
    let numbers = try JSONDecoder().decode([Double].self, from: Data(text.utf8))
    #expect(numbers == [1e-9, 1e300, 0])
  }
}
