import VisionGraph
import VisionLayers
import VisionModel

@testable import VisionNet

/// A small network with drawn weights, and images for it.
enum TinyClassifier {
  private struct Body: Network {
    var body: some Layer {
      Conv2D(16, kernel: 3, stride: 2).named("stem")
      ReLU().named("relu")
      Conv2D(24, kernel: 3).named("conv")
      GlobalAveragePool().named("pool")
      Dense(5).named("fc")
    }
  }

  static func model(side: Int = 24) throws -> Model {
    let graph = try Body().graph(input: (3, side, side)).withProbabilities()
    return Model(
      graph: graph, parameters: graph.initialParameters(seed: 1), preprocessing: .squashed(side))
  }

  static func make(side: Int = 24, threads: Int = 2) throws -> ImageClassifier {
    try ImageClassifier(model(side: side), threads: threads)
  }

  static func image(_ number: Int = 0) throws -> Image {
    let pixels = (0..<40 * 30 * 3).map { UInt8(truncatingIfNeeded: $0 * ($0 + number) / 7 + 31 * number) }
    return try Image(width: 40, height: 30, pixels: pixels)
  }
}
