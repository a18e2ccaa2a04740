import Testing
import VisionGraph
import VisionImage
import VisionModel
import VisionSystem
import VisionTensor

@testable import VisionInference

/// Where an image is brightest, in its own pixels: what comes out of the network's input goes back by the map that led there.
private struct BrightestPlace: ModelTask {
  static let name = "brightest-place"
  static let columns = ["x", "y"]
  static let role = OutputRole(kind: "brightness", stride: 1)
  let input: ImageInputWriter
  let outputs = [role]

  init(_ model: Model) throws { input = try ImageInputWriter(model) }

  func decode(_ outputs: borrowing OutputSlots, _ geometry: InputGeometry) -> [Double] {
    let (numbers, shape) = (outputs.floats(0), outputs.shape(0))
    let most = numbers.max() ?? 0
    let places = numbers.indices.filter { numbers[$0] > 0.5 * most }.map { $0 % (shape[1] * shape[2]) }
    let columns = places.map { Double($0 % shape[2]) + 0.5 }
    let rows = places.map { Double($0 / shape[2]) + 0.5 }
    let count = Double(places.count)
    let place = geometry.map.inverse(x: columns.reduce(0, +) / count, y: rows.reduce(0, +) / count)
    return [place.x, place.y]
  }

  func record(_ prediction: [Double]) -> Record {
    Record(line: [], fields: [], rows: [prediction.map { "\($0)" }])
  }
}

@Suite struct BrightestPlaceTests {
  @Test(arguments: [
    FitMode.squash, .letterbox(fill: .black), .centerCrop(fraction: 0.9), .resizeShorterSide(to: 70),
  ])
  func placesComeBackToTheImage(mode: FitMode) throws {
    let builder = GraphBuilder()
    let x = try builder.image(channels: 3, height: 61, width: 67)
    try builder.output("brightness-1", builder.add(Relu(), x))
    var model = Model(
      graph: builder.graph, parameters: Parameters(),
      preprocessing: try Preprocessing(width: 67, height: 61, fit: mode))
    model.signature = Signature(
      task: BrightestPlace.name, inputs: ["input"], outputs: [.init(BrightestPlace.role)])
    let pipeline = try InferencePipeline<BrightestPlace>(model, batch: .upTo(3), threads: 2)
    // Images of many sizes in one batch: each goes back its own way.
    let images = try [(201, 151), (99, 140), (73, 75), (301, 299)].map { width, height in
      try Image(width: width, height: height) { pixels in
        pixels.update(repeating: 10)
        for y in height / 3 - 4...height / 3 + 4 {
          for x in width / 2 - 4...width / 2 + 4 {
            for channel in 0..<3 { pixels[(y * width + x) * 3 + channel] = 250 }
          }
        }
      }
    }
    for (image, place) in zip(images, try pipeline.predict(images)) {
      #expect(abs(place[0] - Double(image.width / 2) - 0.5) < 2.5, "\(image): \(place)")
      #expect(abs(place[1] - Double(image.height / 3) - 0.5) < 2.5, "\(image): \(place)")
    }
  }
}
