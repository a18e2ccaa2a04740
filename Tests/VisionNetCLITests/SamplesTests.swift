import Foundation
import Testing

@Suite(.enabled(if: Tool.isBuilt, "visionnet is not built beside the tests"))
struct SamplesTests {
  @Test func aNetworkIsWrittenAndClassifiesAPhoto() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("samples-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let model = folder.appendingPathComponent("tiny.onnx").path
    let written = try Tool.sample("WriteNetwork", ["tiny", model])
    #expect(written.status == 0)
    #expect(written.output.contains("GlobalAveragePool"))
    let photo = #filePath.components(separatedBy: "/Tests/")[0] + "/samples/images/dog.jpg"
    let labelled = try Tool.sample("ClassifyPhoto", [model, photo])
    #expect(labelled.status == 0)
    // Untrained: three of ten classes, most likely first.
    let numbers = labelled.lines.compactMap { $0.split(separator: " ").last.flatMap { Double($0) } }
    #expect(numbers.count == 3)
    #expect(numbers == numbers.sorted(by: >))
    #expect(labelled.lines.allSatisfy { $0.hasPrefix("\(photo): class ") })
  }

  @Test func whatIsWrongIsSaid() throws {
    #expect(try Tool.sample("WriteNetwork", ["nonsense", "/tmp/x.onnx"]).status == 66)
    #expect(try Tool.sample("WriteNetwork", []).status == 64)
    #expect(try Tool.sample("ClassifyPhoto", ["/nonexistent.onnx", "x.jpg"]).output.contains("error:"))
  }
}
