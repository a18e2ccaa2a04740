import Testing
import VisionGraph
import VisionTensor

@testable import VisionModel

@Suite struct DetectorFinderTests {
  private func refusal(_ model: Model, _ kind: DetectorKind? = nil) -> RoleError? {
    do {
      _ = try ForeignDetector(model, head: kind)
    } catch { return error as? RoleError }
    return nil
  }

  @Test func whatNobodyKnowsIsRefusedWithTheKinds() throws {
    let model = try DetectorFixture.model(height: 32, width: 32, [("y", DetectorFixture.zeros([1, 7, 3]))])
    let error = try #require(refusal(model))
    #expect(error.kind == .head && error.message.contains("'y' float32 1×7×3"))
    for kind in DetectorKind.allCases {
      #expect(error.remedy?.contains(kind.rawValue) ?? false)
      #expect(refusal(model, kind)?.kind == .head)
    }
  }

  @Test func labelsMustBeThoseOfTheScores() throws {
    let maps = [1, 2, 2, 10].map { DetectorFixture.zeros([1, $0, 2, 2]) }
    let outputs = maps.enumerated().map { (name: "y\($0)", tensor: $1) }
    let good = try DetectorFixture.model(height: 8, width: 8, outputs, labels: ["head"])
    #expect(try ForeignDetector(good).model.labels == ["head"])
    let bad = try DetectorFixture.model(height: 8, width: 8, outputs, labels: ["a", "b"])
    #expect(refusal(bad)?.kind == .head)
  }
}
