import Testing
import VisionGraph
import VisionTensor

@testable import VisionModel

/// Layers without weights, computed by hand.
@Suite struct KerasLayersTests {
  /// What a layer makes of an image H×W×C, in Keras's order.
  private func output(_ kind: String, _ config: String, _ shape: [Int], _ numbers: [Float], version: Int = 3)
    throws
    -> Tensor
  {
    let text = """
      {"class_name": "Sequential", "config": [
        {"class_name": "InputLayer", "config": {"name": "i", "batch_shape": [null, \(shape.map(String.init).joined(separator: ", "))]}},
        {"class_name": "\(kind)", "config": {"name": "x"\(config.isEmpty ? "" : ", \(config)")}}]}
      """
    let bytes = try Gzip.unpack(ByteRange(Fixture.bytes("storage.h5.gz")), limit: 1 << 20).array
    let empty = try #require(try HDF5File(bytes: bytes)?.object("many"))
    var importer = KerasImporter(weights: try KerasWeights(empty), isThird: version == 3)
    try importer.translate(KerasConfiguration(text))
    let native = try Transpose([0, 3, 1, 2]).evaluate([Tensor(numbers, shape: Shape([1] + shape))])[0]
    let graph = importer.builder.graph
    return try #require(
      try Interpreter(graph, parameters: importer.parameters).run(["i": native]).values.first)
  }

  private let square: [Float] = [1, 2, 3, 4, 5, 6, 7, 8, 9]

  @Test func imagesKeepKerassOrder() throws {
    // 1×2 pixels of 3 channels.
    let flat = try output("Flatten", "", [1, 2, 3], [1, 2, 3, 4, 5, 6])
    #expect(flat.floats == [1, 2, 3, 4, 5, 6] && flat.shape == [1, 6])
    let reshaped = try output("Reshape", "\"target_shape\": [3, -1]", [1, 2, 3], [1, 2, 3, 4, 5, 6])
    #expect(reshaped.shape == [1, 3, 2] && reshaped.floats == [1, 2, 3, 4, 5, 6])
    let softmax = try output("Softmax", "", [1, 2, 2], [0, 0, 5, 5])
    #expect(softmax.floats == [0.5, 0.5, 0.5, 0.5])
  }

  @Test func bordersAreCutAndAdded() throws {
    let padded = try output("ZeroPadding2D", "\"padding\": [[1, 0], [0, 2]]", [1, 1, 1], [7])
    #expect(padded.shape == [1, 2, 3, 1] && padded.floats == [0, 0, 0, 7, 0, 0])
    let cut = try output("Cropping2D", "\"cropping\": [[1, 0], [0, 1]]", [3, 3, 1], square)
    #expect(cut.floats == [4, 5, 7, 8])
    #expect(
      formatError { _ = try output("Cropping2D", "\"cropping\": 2", [3, 3, 1], square) }?.kind == .network)
  }

  @Test func windowsThatDoNotFitReachBeyondTheEnd() throws {
    // With "same", 3 pixels by steps of 2 are covered by windows of 2 that begin at 0 and 2; one pixel is added behind.
    let largest = try output("MaxPooling2D", "\"padding\": \"same\"", [3, 3, 1], square)
    #expect(largest.floats == [5, 6, 8, 9])
    let means = try output("AveragePooling2D", "\"padding\": \"same\"", [3, 3, 1], square)
    #expect(means.floats == [3, 4.5, 7.5, 9])
    #expect(try output("MaxPooling2D", "", [3, 3, 1], square).floats == [5])
    #expect(try output("GlobalAveragePooling2D", "", [3, 3, 1], square).floats == [5])
    #expect(try output("GlobalMaxPooling2D", "\"keepdims\": true", [3, 3, 1], square).shape == [1, 1, 1, 1])
  }

  @Test func pixelsAreRepeated() throws {
    let twice = try output("UpSampling2D", "\"size\": [1, 2]", [1, 2, 1], [3, 4])
    #expect(twice.shape == [1, 1, 4, 1] && twice.floats == [3, 3, 4, 4])
  }

  private static let functions: [(String, [Float])] = [
    ("relu", [0, 0, 2]), ("relu6", [0, 0, 2]), ("linear", [-1, 0, 2]), ("leaky_relu", [-0.2, 0, 2]),
    ("hard_sigmoid", [0.33333334, 0.5, 0.8333333]), ("softsign", [-0.5, 0, 0.6666667]),
    ("silu", [-0.26894143, 0, 1.7615942]),
  ]

  @Test(arguments: functions)
  func activations(name: String, expected: [Float]) throws {
    let result = try output("Activation", "\"activation\": \"\(name)\"", [1, 1, 3], [-1, 0, 2]).floats
    for (a, b) in zip(result, expected) { #expect(abs(a - b) < 1e-6, "\(name)") }
  }

  @Test func someDifferInEarlierVersions() throws {
    let old = try output(
      "Activation", "\"activation\": \"hard_sigmoid\"", [1, 1, 3], [-1, 0, 2], version: 2
    ).floats
    for (a, b) in zip(old, [Float(0.3), 0.5, 0.9]) { #expect(abs(a - b) < 1e-6) }
    #expect(
      formatError {
        _ = try output("Activation", "\"activation\": \"leaky_relu\"", [1, 1, 1], [1], version: 2)
      }?.kind
        == .unsupported)
    #expect(try output("ReLU", "\"max_value\": 1.5", [1, 1, 2], [-1, 2]).floats == [0, 1.5])
    #expect(try output("LeakyReLU", "\"alpha\": 0.5", [1, 1, 2], [-1, 2], version: 2).floats == [-0.5, 2])
    #expect(try output("Rescaling", "\"scale\": 2.0, \"offset\": -1", [1, 1, 2], [1, 2]).floats == [1, 3])
  }

  @Test func otherLayersAreRefusedByName() throws {
    let error = formatError { _ = try output("LSTM", "", [1, 1, 1], [1]) }
    #expect(error?.kind == .unsupported && error?.message.contains("LSTM (1×)") == true)
    for (kind, config) in [
      ("Activation", "\"activation\": \"mine\""),
      ("Activation", "\"activation\": {\"class_name\": \"ReLU\"}"),
      ("MaxPooling2D", "\"data_format\": \"channels_first\""), ("MaxPooling2D", "\"padding\": \"causal\""),
      ("ReLU", "\"threshold\": 1.0"), ("Softmax", "\"axis\": 1"), ("Dense", "\"units\": 2"),
    ] {
      #expect(
        formatError { _ = try output(kind, config, [2, 2, 1], [1, 2, 3, 4]) }?.kind == .unsupported, "\(kind)"
      )
    }
    // A layer without its weights.
    let bare = formatError { _ = try output("Conv2D", "\"kernel_size\": 1", [2, 2, 1], [1, 2, 3, 4]) }
    #expect(bare?.kind == .missing && bare?.node == "x")
  }
}
