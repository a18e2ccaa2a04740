import Foundation
import Testing
import VisionTensor
import VisionTestSupport

@testable import VisionNet

@Suite struct FaceDetectorTests {
  private func withDetector<Result>(
    emotions: ImageClassifier? = nil, findsLargeFaces: Bool = true, _ body: (FaceDetector) throws -> Result
  ) throws -> Result {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("faces-\(UUID()).onnx").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try FaceNetwork.model().write(to: path)
    return try body(
      try FaceDetector(contentsOf: path, emotions: emotions, findsLargeFaces: findsLargeFaces, threads: 1))
  }

  /// Says how bright the red of an image is: `dark` or `light`, or each with the same share in between.
  private func brightness(threshold: Double? = nil) throws -> ImageClassifier {
    let builder = GraphBuilder()
    let image = try builder.image(height: 8, width: 8)
    let mean = try builder.add(Flatten(), builder.add(GlobalAveragePool(), image))
    var parameters = Parameters()
    parameters["w"] = Tensor([Float(-1), 1, 0, 0, 0, 0], shape: [3, 2])
    let scores = try builder.add(
      MatMul(), mean, builder.parameter("w", shape: [3, 2], initializer: .zeros))
    try builder.output("logits", scores)
    let preprocessing = try Preprocessing(
      width: 8, height: 8, fit: .squash, filter: .box, channels: .rgb, scale: [0.02, 0.02, 0.02],
      mean: [2.55, 2.55, 2.55], deviation: [1, 1, 1])
    let model = Model(
      graph: builder.graph, parameters: parameters, labels: ["dark", "light"], preprocessing: preprocessing,
      threshold: threshold)
    return try ImageClassifier(model, threads: 1)
  }

  @Test func facesHaveBoxesAndPointsInImagesOfAnySize() throws {
    try withDetector { detector in
      // The last two have as many cells as the two before, in another arrangement.
      for (width, height, x, y) in [
        (64, 64, 32, 0), (200, 90, 160, 32), (96, 32, 64, 0), (32, 96, 0, 64), (96, 32, 0, 0),
      ] {
        let faces = try detector.detect(FaceNetwork.image(width, height, faces: [(x, y)]))
        let face = try #require(faces.first)
        #expect(faces.count == 1 && abs(face.score - 1) < 1e-4)
        #expect([face.box.x, face.box.y, face.box.width, face.box.height] == [Double(x), Double(y), 32, 32])
        for (point, place) in zip(face.points, FaceNetwork.points) {
          #expect(point.x == Double(x) + 32 * place.x && point.y == Double(y) + 32 * place.y)
        }
        #expect(face.emotions == nil)
      }
      #expect(try detector.detect(FaceNetwork.image(40, 40, faces: [])).isEmpty)
    }
  }

  /// The network knows faces of 32 pixels only: in an image of 3,200 pixels, which is looked at in a fifth of its size as well, those
  /// of 160 are found, too.
  @Test func facesThatAreTooLargeAreFoundInASmallerImage() throws {
    let image = try Image(width: 3200, height: 640) { pixels in
      pixels.update(repeating: 0)
      for y in 320..<480 {
        for x in 1600..<1760 { for channel in 0..<3 { pixels[(y * 3200 + x) * 3 + channel] = 255 } }
      }
    }
    func large(_ detector: FaceDetector) throws -> [Face] {
      try detector.detect(image).filter { $0.box.width > 40 }
    }
    try withDetector { detector in
      let faces = try large(detector)
      let face = try #require(faces.first)
      #expect(faces.count == 1 && face.score > 0.9)
      #expect([face.box.x, face.box.y, face.box.width, face.box.height] == [1600, 320, 160, 160])
      #expect(face.points.map(\.x) == FaceNetwork.points.map { 1600 + 160 * $0.x })
    }
    try withDetector(findsLargeFaces: false) { detector in
      let faces = try large(detector)
      #expect(faces.isEmpty)
    }
  }

  @Test func alignedFacesAreUprightAndOfOneSize() throws {
    try withDetector { detector in
      let image = try FaceNetwork.image(128, 96, faces: [(64, 32)])
      let face = try #require(try detector.detect(image).first)
      let aligned = try #require(try FaceDetector.aligned(face, in: image))
      #expect(aligned.width == 112 && aligned.height == 112)
      // The middle of the face is white; what is beside it was black.
      aligned.withUnsafePixels { pixels in
        #expect(pixels[(60 * 112 + 56) * 3] == 255)
        #expect(pixels[(2 * 112 + 2) * 3] == 0)
      }
      var nowhere = face
      nowhere.points = face.points.map { _ in face.points[0] }
      #expect(try FaceDetector.aligned(nowhere, in: image) == nil)
    }
  }

  @Test func emotionsAreTheSharesOfAClassifier() throws {
    let image = try FaceNetwork.image(96, 64, faces: [(32, 32)])
    try withDetector(emotions: brightness()) { detector in
      let emotions = try #require(try detector.detect(image).first?.emotions)
      // Most of what is cut out around the points is the white square.
      #expect(emotions.label == "light" && !emotions.isUnknown)
      #expect(emotions.shares.map(\.label) == ["light", "dark"])
      #expect(abs(emotions.shares.reduce(0) { $0 + $1.probability } - 1) < 1e-5)
    }
    // A model that is never sure enough.
    try withDetector(emotions: brightness(threshold: 1)) { detector in
      let emotions = try #require(try detector.detect(image).first?.emotions)
      #expect(emotions.label == "unknown" && emotions.isUnknown && emotions.shares.count == 2)
    }
  }

  @Test func detectorsOfOtherThingsAreRefused() throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("other-\(UUID()).onnx").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try brightness().model.write(to: path)
    #expect(throws: (any Error).self) { try FaceDetector(contentsOf: path) }
  }
}
