import Testing
import VisionGraph
import VisionTensor

@testable import VisionModel

/// Tensors of all element types in files.
@Suite struct OnnxElementTypeTests {
  /// A `TensorProto` read as a tensor.
  private static func tensor(
    _ type: ElementType, _ shape: [Int], _ content: (inout ProtobufWriter) -> Void
  ) throws -> Tensor {
    var writer = ProtobufWriter()
    for extent in shape { writer.int(1, extent) }
    writer.int(2, type.onnx)
    content(&writer)
    return try OnnxTensor(ByteRange(writer.chunks.array)).tensor(nil)
  }

  private static func raw(_ type: ElementType, _ shape: [Int], _ bytes: [UInt8]) throws -> Tensor {
    try tensor(type, shape) { $0.bytes(9, of: Tensor(bytes)) }
  }

  @Test func fourBitsArePackedInTwos() throws {
    #expect(try Self.raw(.int4, [3], [0x2F, 0x08]).integers == [-1, 2, -8])
    #expect(try Self.raw(.uint4, [3], [0x2F, 0x08]).integers == [15, 2, 8])
    #expect(try Self.raw(.float4e2m1, [2, 2], [0x71, 0xF0]).doubles == [0.5, 6, 0, -6])
    #expect(try Self.raw(.int4, [0, 3], []).shape == [0, 3])
    let typed = try Self.tensor(.int4, [3]) { writer in for byte in [0x2F, 0x08] { writer.int(5, byte) } }
    #expect(typed.integers == [-1, 2, -8])
  }

  @Test func eightBitsStandAsTheyAre() throws {
    #expect(try Self.raw(.float8e4m3fn, [2], [0x7E, 0x38]).doubles == [448, 1])
    let typed = try Self.tensor(.float8e5m2, [2]) { writer in
      for byte in [0x7B, 0xBC] { writer.int(5, byte) }
    }
    #expect(typed.doubles == [57344, -1])
    #expect(try Self.raw(.float8e8m0, [2], [126, 128]).doubles == [0.5, 2])
  }

  @Test func wrongNumbersOfBytesAreRefused() {
    for (type, count) in [(ElementType.int4, 1), (.int4, 3), (.float8e5m2, 2), (.uint4, 0)] {
      #expect(
        formatError { _ = try Self.raw(type, [3], [UInt8](repeating: 1, count: count)) }?.kind == .corrupt)
      #expect(
        formatError {
          _ = try Self.tensor(type, [3]) { writer in for _ in 0..<count { writer.int(5, 1) } }
        }?.kind == .corrupt)
    }
    #expect(formatError { _ = try Self.tensor(.uint4, [1]) { $0.int(5, 256) } }?.kind == .corrupt)
  }

  @Test(arguments: ElementType.allCases) func whatIsWrittenIsReadBack(_ type: ElementType) throws {
    let numbers: [Double] = [1, 0, 2, 3, 1]
    let builder = GraphBuilder()
    let constant = builder.constant(Tensor(doubles: numbers, shape: [5], elementType: type))
    let x = try builder.input("x", type: type, dimensions: [.fixed(2)])
    try builder.output("y", builder.add(Concat(axis: 0), [constant, x])[0])
    let bytes = try OnnxWriter.bytes(builder.graph, parameters: Parameters())
    let again = try OnnxReader.read(bytes: bytes)
    #expect(again.opset == max(17, type.introduction))
    let tail = Tensor(doubles: [0, 1], shape: [2], elementType: type)
    let result = try Interpreter(again.graph, parameters: again.parameters).run(["x": tail])["y"]
    #expect(
      try #require(result)
        == Tensor(doubles: numbers + [0, 1], shape: [7], elementType: type))
  }

  @Test func settingsRaiseTheOpset() throws {
    let builder = GraphBuilder()
    let x = try builder.input("x", dimensions: [.fixed(1), .fixed(4)])
    let scales = builder.constant(Tensor([0.5, 2] as [Float], shape: [1, 2]))
    let bytes = try builder.add(QuantizeLinear(blockSize: 2), x, scales)
    try builder.output("y", builder.add(DequantizeLinear(blockSize: 2, type: .float16), bytes, scales))
    let again = try OnnxReader.read(bytes: OnnxWriter.bytes(builder.graph, parameters: Parameters()))
    #expect(again.opset == 23)
    #expect(again.graph.nodes.map { "\($0.operation)" } == builder.graph.nodes.map { "\($0.operation)" })
  }
}
