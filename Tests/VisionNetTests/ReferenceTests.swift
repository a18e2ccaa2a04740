import Foundation
import Testing
import VisionNet

/// The published answers of EfficientNet-Lite on real photos, where the data folder and the models are there.
@Suite struct ReferenceTests {
  private struct Answers: Decodable {
    struct Answer: Decodable {
      let index: [Int]
      let probability: [Float]
    }
    let images: [String: Answer]
  }

  private static let data: String = {
    let package = #filePath.components(separatedBy: "/Tests/")[0]
    return ProcessInfo.processInfo.environment["VISIONNET_DATA"] ?? "\(package)/../shared/data"
  }()

  @Test(
    .enabled(
      if: FileManager.default.fileExists(atPath: data + "/reference"), "needs ../shared/data/reference"),
    arguments: ["efficientnet-lite0", "efficientnet-lite1", "efficientnet-lite2"])
  func agreesWithTheReference(name: String) throws {
    guard let path = try PretrainedStore.standard().path(of: name) else {
      return print("skipped: \(name) is not in the cache; visionnet models pull \(name)")
    }
    let json = try Data(contentsOf: URL(fileURLWithPath: "\(Self.data)/reference/\(name).json"))
    let answers = try JSONDecoder().decode(Answers.self, from: json).images
    let classifier = try ImageClassifier(contentsOf: path)
    var agreeing = 0
    var differences: [Float] = []
    for (photo, answer) in answers {
      let probabilities = try classifier.probabilities(Image(contentsOf: "\(Self.data)/\(photo)"))
      let best = probabilities.indices.max { probabilities[$0] < probabilities[$1] }
      agreeing += best == answer.index[0] ? 1 : 0
      for (index, probability) in zip(answer.index, answer.probability) {
        differences.append(abs(probabilities[index] - probability))
      }
    }
    #expect(answers.count >= 100)
    #expect(Double(agreeing) >= 0.995 * Double(answers.count))
    #expect(differences.reduce(0, +) / Float(differences.count) < 0.01)
  }
}
