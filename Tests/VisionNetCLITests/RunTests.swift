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
    try Tool.run(["run", folder.file(model), "--force", "--output-dir", folder.file("out/deep")] + arguments)
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

  @Test func archivesGiveAndTakeSeveralArrays() throws {
    var arrays = Parameters()
    arrays["a"] = Tensor([Float](arrayLiteral: 1, 2, 3), shape: [1, 3])
    arrays["b"] = Tensor([Float](arrayLiteral: 10, 20, 30), shape: [1, 3])
    try NumPyArchive.write(arrays, to: folder.file("in.npz"))
    let result = try Tool.run([
      "run", folder.file("net.onnx"), "--input", folder.file("in.npz"), "--output", folder.file("out.npz"),
    ])
    #expect(result.status == 0, "\(result.messages)")
    let outputs = try NumPyArchive.read(folder.file("out.npz"))
    #expect(outputs.names == ["sum", "block_product"])
    #expect(outputs["sum"]?.floats == [11, 22, 33])
    let twice = try run(
      "net.onnx", "--input", "a=\(folder.file("a.npy"))", "--input", folder.file("in.npz"))
    #expect(twice.status == 64)
    #expect(twice.messages.contains("twice"))
    for options in [["--output", "out.npy"], [], ["--output", "o.npz", "--output-dir", "o"]] {
      #expect(try Tool.run(["run", folder.file("net.onnx")] + inputs + options).status == 64)
    }
  }

  @Test func shapesStandForArraysThatAreMissing() throws {
    let given = "--input=b=\(folder.file("b.npy"))"
    let result = try run("net.onnx", given, "--shape", "a=4,3")
    #expect(result.status == 0)
    #expect(result.messages.contains("'a' (float32 4×3) is filled with normally distributed numbers"))
    let sum = try NumPyArray.read(folder.file("out/deep/sum.npy"))
    #expect(sum.shape == [4, 3])
    #expect(Set(sum.floats).count == 12)
    #expect(try run("net.onnx", given, "--shape", "a=0,3").status == 0)
    #expect(try NumPyArray.read(folder.file("out/deep/sum.npy")).shape == [0, 3])
    for (text, status) in [
      ("a", 64), ("a=-1,3", 64), ("a=1,,3", 64), ("b=1,3", 64), ("a=1,4", 65), ("c=1", 65),
    ] {
      #expect(try run("net.onnx", given, "--shape", text).status == status, "\(text)")
    }
  }

  /// NumPy lacks these types: their bits travel as unsigned integers.
  @Test(arguments: [ElementType.bfloat16, .float8e4m3fn, .float8e8m0, .float4e2m1, .int4, .uint4])
  func typesThatNumPyLacksTravelAsTheirBits(_ type: ElementType) throws {
    let builder = GraphBuilder()
    let x = try builder.input("x", type: type, dimensions: [.symbolic("N")])
    try builder.output("same", builder.add(Identity(), x))
    try builder.output("floats", builder.add(Cast(to: .float32), x))
    try OnnxWriter.write(builder.graph, parameters: Parameters(), to: folder.file("types.onnx"))
    let tensor = Tensor(doubles: [1, 2, 4, 1], shape: [4], elementType: type)
    try NumPyArray.write(tensor, to: folder.file("x.npy"))
    let input = "--input=x=\(folder.file("x.npy"))"
    let result = try run("types.onnx", input)
    #expect(result.status == 0, "\(result.messages)")
    #expect(try NumPyArray.read(folder.file("out/deep/same.npy")) == NumPyArray.read(folder.file("x.npy")))
    #expect(try NumPyArray.read(folder.file("out/deep/floats.npy")).doubles == tensor.doubles)
    try NumPyArray.write(Tensor([Float(1)]), to: folder.file("x.npy"))
    let wrong = try run("types.onnx", input)
    #expect(wrong.status == 65)
    #expect(wrong.messages.contains(type.byteCount == 2 ? "uint16" : "uint8"))
    if type.isFourBits {
      try NumPyArray.write(Tensor([UInt8(16)]), to: folder.file("x.npy"))
      #expect(try run("types.onnx", input).messages.contains("below 16"))
    }
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
