import VisionModel
import VisionGraph
import Foundation
import Testing
import VisionNet

@Suite(.enabled(if: Tool.isBuilt, "visionnet is not built beside the tests"))
struct RunTests {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    let builder = GraphBuilder()
    let a = try builder.input("a", dimensions: [.symbolic("N"), .fixed(3)])
    let b = try builder.input("b", dimensions: [.fixed(1), .fixed(3)])
    try builder.output("sum", try builder.add(Add(), a, b))
    try builder.output("block/product", try builder.add(Mul(), a, b))
    try OnnxWriter.write(builder.graph, parameters: Parameters(), to: folder.file("net.onnx"))
    try NumPyArray.write(
      Tensor([Float](arrayLiteral: 1, 2, 3, 4, 5, 6), shape: [2, 3]), to: folder.file("a.npy"))
    try NumPyArray.write(Tensor([Float](arrayLiteral: 10, 20, 30), shape: [1, 3]), to: folder.file("b.npy"))
  }

  private func run(_ model: String = "net.onnx", _ arguments: String...) throws -> Tool.Result {
    try Tool.run(["run", folder.file(model), "--output-dir", folder.file("out/deep")] + arguments)
  }

  private var inputs: [String] {
    ["--input", "a=\(folder.file("a.npy"))", "--input", "b=\(folder.file("b.npy"))"]
  }

  @Test(arguments: [[], ["--interpreter"], ["--threads", "1"]])
  func outputsAreWrittenUnderTheirNames(options: [String]) throws {
    let result = try Tool.run(
      ["run", folder.file("net.onnx"), "--output-dir", folder.file("out/deep")] + inputs + options)
    #expect(result.status == 0)
    let sum = try NumPyArray.read(folder.file("out/deep/sum.npy"))
    #expect(sum.shape == [2, 3])
    #expect(sum.floats == [11, 22, 33, 14, 25, 36])
    #expect(
      try NumPyArray.read(folder.file("out/deep/block_product.npy")).floats == [10, 40, 90, 40, 100, 180])
  }

  @Test func wrongInputsAreNamed() throws {
    let missing = try run("net.onnx", "--input", "a=\(folder.file("a.npy"))")
    #expect(missing.status == 64)
    #expect(missing.messages.contains("'b'"))
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    #expect(try run("net.onnx", "--input", "a=\(folder.path)").status == 66)
    #expect(try Tool.run(["run", folder.path, "--output-dir", folder.file("out")]).status == 66)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == files)
    #expect(try run("net.onnx", "--input", "c=\(folder.file("a.npy"))").messages.contains("'c'"))
    #expect(try run("net.onnx", "--input", "a=\(folder.file("none.npy"))").status == 66)
    #expect(try run("net.onnx", "--input", "a").status == 64)
    let other = Tensor([Int32](arrayLiteral: 1, 2, 3), shape: [1, 3])
    try NumPyArray.write(other, to: folder.file("a.npy"))
    let wrong = try Tool.run(["run", folder.file("net.onnx"), "--output-dir", folder.file("out")] + inputs)
    #expect(wrong.status == 65)
    #expect(wrong.messages.contains("float32"))
  }

  @Test func unsupportedOperatorsAreRefusedAllAtOnce() throws {
    let model = Protobuf.message { model in
      model.number(1, 8)
      model.field(7) { graph in
        graph.field(1) { $0.node("Bogus", "a", "x") }
        graph.field(1) { $0.node("Twirl", "x", "y") }
        graph.text(2, "net")
        graph.field(11) { $0.floatVector("a", 3) }
        graph.field(12) { $0.floatVector("y", 3) }
      }
      model.field(8) { $0.number(2, 17) }
    }
    try Data(model).write(to: URL(fileURLWithPath: folder.file("odd.onnx")))
    let result = try run("odd.onnx", "--input", "a=\(folder.file("b.npy"))")
    #expect(result.status == 65)
    #expect(result.messages.contains("Bogus") && result.messages.contains("Twirl"))
    #expect(!FileManager.default.fileExists(atPath: folder.file("out")))
  }
}

/// As much of the wire format as a bad model needs.
struct Protobuf {
  private(set) var bytes: [UInt8] = []

  static func message(_ body: (inout Protobuf) -> Void) -> [UInt8] {
    var message = Protobuf()
    body(&message)
    return message.bytes
  }

  mutating func number(_ field: UInt8, _ value: UInt8) { bytes += [field << 3, value] }

  mutating func text(_ field: UInt8, _ text: String) { append(field, Array(text.utf8)) }

  mutating func field(_ field: UInt8, _ body: (inout Protobuf) -> Void) { append(field, Self.message(body)) }

  mutating func node(_ operation: String, _ input: String, _ output: String) {
    text(1, input)
    text(2, output)
    text(4, operation)
  }

  mutating func floatVector(_ name: String, _ count: UInt8) {
    text(1, name)
    field(2) { $0.field(1) { $0.tensor(count) } }
  }

  private mutating func tensor(_ count: UInt8) {
    number(1, 1)
    field(2) {
      $0.field(1) { $0.number(1, 1) }
      $0.field(1) { $0.number(1, count) }
    }
  }

  private mutating func append(_ field: UInt8, _ content: [UInt8]) {
    precondition(content.count < 16384)
    bytes.append(field << 3 | 2)
    if content.count > 127 { bytes.append(UInt8(content.count & 127) | 128) }
    bytes.append(UInt8(content.count > 127 ? content.count >> 7 : content.count))
    bytes += content
  }
}
