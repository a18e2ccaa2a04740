import Testing

@testable import VisionModel

@Suite struct OnnxOpsetsTests {
  private func file(_ others: [(domain: String, version: Int)], opset: Int = 17) -> OnnxBytes {
    var file = OnnxBytes()
    file.opset = opset
    file.otherOpsets = others
    file.node("Relu", ["x"], ["y"])
    return file
  }

  @Test func theSameVersionTwiceIsOne() throws {
    for others in [
      [("", 17)], [("ai.onnx", 17)], [("", 17), ("ai.onnx", 17), ("ai.onnx.ml", 1), ("ai.onnx.ml", 1)],
    ] {
      #expect(try OnnxReader.read(bytes: file(others).bytes).opset == 17)
    }
    #expect(try OnnxReader.read(bytes: file([("ai.onnx", 15)], opset: 0).bytes).opset == 15)
  }

  @Test func twoVersionsOfOneDomainAreRefusedWithBoth() {
    for domain in ["", "ai.onnx"] {
      let error = formatError { _ = try OnnxReader.read(bytes: file([(domain, 13)]).bytes) }
      #expect(error?.kind == .corrupt)
      #expect(error?.message.contains("17 and 13") == true)
      #expect(error?.message.contains("'ai.onnx'") == true)
    }
  }

  @Test func versionsOfADomainThatNoNodeUsesDoNotMatter() throws {
    #expect(try OnnxReader.read(bytes: file([("ai.onnx.ml", 1), ("ai.onnx.ml", 3)]).bytes).opset == 17)
    var used = file([("ai.onnx.ml", 1), ("ai.onnx.ml", 3)])
    used.node("Scaler", ["y"], ["z"], name: "scaler", domain: "ai.onnx.ml")
    let error = formatError { _ = try OnnxReader.read(bytes: used.bytes) }
    #expect(error?.message.contains("1 and 3") == true)
    #expect(error?.node == "scaler")
  }

  @Test func aFileWithoutAnOpsetIsRefused() {
    let error = formatError { _ = try OnnxReader.read(bytes: file([], opset: 0).bytes) }
    #expect(error?.kind == .corrupt)
    #expect(error?.remedy?.contains("fetch it again") == true)
  }

  @Test func aFileOfOtherDomainsNeedsNoOpsetOfOnnx() {
    var other = OnnxBytes()
    other.opset = 0
    other.otherOpsets = [("ai.onnx.ml", 3)]
    other.node("Scaler", ["x"], ["y"], domain: "ai.onnx.ml")
    let error = formatError { _ = try OnnxReader.read(bytes: other.bytes) }
    #expect(error?.kind == .unsupported && error?.message.contains("Scaler") == true)
  }
}
