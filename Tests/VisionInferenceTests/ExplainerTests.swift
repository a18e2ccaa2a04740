import Foundation
import Testing
import VisionSystem
import VisionTestSupport
import VisionGraph
import VisionImage
import VisionLayers
import VisionModel
import VisionTensor

@testable import VisionInference

@Suite struct ExplainerTests {
  /// A network whose first dense layer reads each place by itself.
  private struct PlacesNetwork: VisionLayers.Network {
    var body: some Layer {
      Conv2D(4, kernel: 3).named("conv")
      SiLU().named("silu")
      MaxPool2D(2).named("pool")
      Flatten().named("flat")
      Dense(6).named("hidden")
      SiLU().named("silu2")
      Dense(3).named("fc")
    }
  }

  private func image(_ seed: Int = 1) throws -> Image {
    try Image(encoded: SampleFolder.image(seed, channel: 1))
  }

  @Test func behindAnAverageTheEvidenceIsWeightsTimesFeatures() throws {
    let model = try TinyBackbone.model()
    let explainer = try Explainer(model)
    #expect(explainer.classes == 5)
    let image = try image()
    // The feature map itself, and the weights of the last layer, worked out by hand.
    let builder = GraphBuilder(extending: model.graph)
    let feature = try #require(model.graph.value(named: explainer.featureMap))
    try builder.output("map", builder.value(feature))
    let logits = try #require(model.graph.outputs.first { $0.name == "logits" }).value
    try builder.output("logits", builder.value(logits))
    let steps = try #require(model.preprocessing)
    let results = try Interpreter(DeadNodeRemoval().run(builder.graph), parameters: model.parameters).run([
      "input": steps.apply(to: image)
    ])
    let map = try #require(results["map"])
    let (channels, places) = (map.shape[1], map.shape[2] * map.shape[3])
    let weights = try #require(model.parameters["fc.weight"]).doubles
    let biases = try #require(model.parameters["fc.bias"]).doubles
    for index in 0..<5 {
      let heat = try explainer.heatMap(of: image, class: index)
      #expect(heat.width == map.shape[3] && heat.height == map.shape[2])
      var largest = 0.0
      for place in 0..<places {
        let wanted = (0..<channels).reduce(0.0) { sum, channel in
          sum + weights[index * channels + channel] * map.doubles[channel * places + place]
        }
        largest = max(largest, abs(wanted / Double(places) - Double(heat.evidence[place])))
      }
      #expect(largest < 1e-6)
      let sum = heat.evidence.reduce(0) { $0 + Double($1) }
      #expect(abs(sum + biases[index] - (results["logits"]?.doubles[index] ?? .nan)) < 1e-5)
    }
  }

  @Test func elsewhereItIsTheDerivativeTimesTheFeatures() throws {
    let graph = try PlacesNetwork().graph(input: (3, 12, 12))
    let model = Model(
      graph: graph, parameters: graph.initialParameters(seed: 5), labels: ["a", "b", "c"],
      preprocessing: .squashed(12))
    let explainer = try Explainer(model)
    let image = try image(4)
    let heat = try explainer.heatMap(of: image, class: 2)
    // The feature map by itself, then the rest of the network from it, with each place scaled a little up and down:
    // d/ds of logit(s · A) at s = 1 is the evidence of the place.
    let feature = try #require(graph.value(named: explainer.featureMap))
    let front = GraphBuilder(extending: graph)
    try front.output("map", front.value(feature))
    let steps = try #require(model.preprocessing)
    let map = try #require(
      Interpreter(DeadNodeRemoval().run(front.graph), parameters: model.parameters, precision: .float64).run([
        "input": steps.apply(to: image)
      ])["map"])
    let places = map.shape[2] * map.shape[3]
    func logit(_ map: [Double]) -> Double {
      let hidden = Self.dense(map, model.parameters, "hidden").map { $0 / (1 + exp(-$0)) }
      return Self.dense(hidden, model.parameters, "fc")[2]
    }
    let step = 1e-5
    for place in 0..<places {
      func scaled(_ factor: Double) -> Double {
        logit(map.doubles.enumerated().map { $0 % places == place ? $1 * factor : $1 })
      }
      let wanted = (scaled(1 + step) - scaled(1 - step)) / (2 * step)
      #expect(abs(wanted - Double(heat.evidence[place])) < 1e-5)
    }
    #expect(heat.evidence.contains { abs($0) > 1e-3 })
  }

  private static func dense(_ x: [Double], _ parameters: Parameters, _ path: String) -> [Double] {
    let weights = parameters["\(path).weight"]?.doubles ?? []
    let biases = parameters["\(path).bias"]?.doubles ?? []
    return biases.indices.map { row in
      x.indices.reduce(biases[row]) { $0 + weights[row * x.count + $1] * x[$1] }
    }
  }

  @Test func classesThatAreNotThereAreRefused() throws {
    let explainer = try Explainer(TinyBackbone.model())
    #expect(throws: TrainingError.self) { try explainer.heatMap(of: image(), class: 5) }
  }

  @Test func anOverlayHasItsColorWhereTheEvidenceIs() throws {
    // The middle half of a wide gray image is seen; the evidence lies in the lower right quarter of that.
    let steps = try Preprocessing(width: 8, height: 8, fit: .centerCrop(fraction: 1))
    let map = HeatMap(width: 2, height: 2, evidence: [0, -3, 0, 5], preprocessing: steps)
    let image = try Image(width: 80, height: 40, pixels: [UInt8](repeating: 100, count: 80 * 40 * 3))
    let painted = try map.overlay(on: image)
    #expect(painted.width == 80 && painted.height == 40)
    func pixel(_ x: Int, _ y: Int) -> [Int] { (0..<3).map { Int(painted.pixels[(y * 80 + x) * 3 + $0]) } }
    #expect(pixel(24, 4) == [90, 90, 90])
    #expect(pixel(50, 30)[0] - pixel(50, 30)[2] > 60)
    #expect(pixel(5, 20) == [40, 40, 40] && pixel(75, 20) == [40, 40, 40])
    #expect(!map.isEmpty)
    let against = HeatMap(width: 1, height: 1, evidence: [-1], preprocessing: steps)
    #expect(against.isEmpty)
    #expect(try against.overlay(on: image).pixels[40 * 3] == 90)
  }
}
