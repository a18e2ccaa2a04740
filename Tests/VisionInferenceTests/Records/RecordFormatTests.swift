import Testing
import VisionImage
import VisionModel
import VisionSystem
import VisionTensor

@testable import VisionInference

/// A task of which only the columns are used.
private struct Boxes: ModelTask {
  struct Nothing: InputWriter {
    let specs: [TensorSpec] = []
    func write(_ subject: Int, into slots: borrowing TensorSlots, _ scratch: InputScratch) {}
  }

  static let name = "boxes"
  static let columns = ["label", "side"]
  static let summaryColumns = ["count"]
  let input = Nothing()
  let outputs: [OutputRole] = []
  init(_ model: Model) {}
  func decode(_ outputs: borrowing OutputSlots, _ context: Void) -> Int { 0 }
  func record(_ prediction: Int) -> Record { Record(line: [], fields: [], rows: []) }
}

@Suite struct RecordFormatTests {
  private let layout = RecordLayout(Boxes.self, subject: ["width"])
  private let good = SubjectOutcome(
    "a,\"b\"\n.jpg", facts: [("width", 640)],
    .success(
      Record(
        line: [Record.Word("  "), Record.Word("cat\u{1b}", .strong), Record.Word(" 0.5", .faint)],
        fields: [("boxes", [["label": "cat"]]), ("count", 2)], rows: [["cat", "1.5"], ["dog, or", "2"]],
        summary: ["2"])), milliseconds: 1.23456)
  private let bad = SubjectOutcome(
    "b.jpg", .failure(ImageError(.missing, "there is no file", place: "b.jpg", remedy: "check the path")))

  private func text(_ format: RecordFormat) -> String {
    format.opening(layout)
      + [good, bad].enumerated().map { index, outcome in
        format.text(of: outcome, layout, isFirst: index == 0) { text, emphasis in
          switch emphasis {
          case .plain: text
          case .strong: "*\(text)*"
          case .faint: "(\(text))"
          }
        }
      }.joined() + format.closing
  }

  @Test func textIsALineForEachSubjectThatHasARecord() {
    #expect(text(.text) == "a,\"b\"\\n.jpg  *cat\\u{1B}*( 0.5)\n")
  }

  private let objects = [
    #"{"schema": 1, "path": "a,\"b\"\n.jpg", "width": 640, "boxes": [{"label": "cat"}], "count": 2, "#
      + #""milliseconds": 1.235}"#,
    #"{"schema": 1, "path": "b.jpg", "error": {"code": "missing", "message": "there is no file (check the path)"}}"#,
  ]

  @Test func objectsHaveTheFieldsOfTheRecord() {
    #expect(text(.jsonl) == objects[0] + "\n" + objects[1] + "\n")
    #expect(text(.json) == "[\n  " + objects[0] + ",\n  " + objects[1] + "\n]\n")
  }

  @Test func tablesHaveARowForEachThingThatWasFound() {
    let name = "\"a,\"\"b\"\"\n.jpg\""
    #expect(
      text(.csv) == "path,width,label,side,milliseconds,error,message,count\n"
        + "\(name),640,cat,1.5,1.235,,,2\n" + "\(name),640,\"dog, or\",2,1.235,,,2\n"
        + "b.jpg,,,,,missing,there is no file (check the path),\n")
  }
}
