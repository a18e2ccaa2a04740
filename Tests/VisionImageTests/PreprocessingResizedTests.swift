import Testing

@testable import VisionImage

@Suite struct PreprocessingResizedTests {
  @Test func whatIsCutOffKeepsItsShare() throws {
    #expect(
      try Preprocessing.imageNet(224).resized(width: 112, height: 112).fit == .resizeShorterSide(to: 128))
    #expect(
      try Preprocessing.efficientNetLite(224).resized(width: 96, height: 96).fit
        == .centerCrop(fraction: 0.875))
    #expect(
      try Preprocessing.squeezeNetCaffe.resized(width: 64, height: 128).fit
        == .resizeBoth(width: 72, height: 144))
    #expect(try Preprocessing.squashed(32).resized(width: 48, height: 40).fit == .squash)
  }

  @Test func nothingOfAWholeImageIsCutOff() throws {
    #expect(
      try Preprocessing.imageNet(224).resized(width: 112, height: 96, isWhole: true).fit
        == .resizeShorterSide(to: 112))
    #expect(
      try Preprocessing.efficientNetLite(224).resized(width: 96, height: 96, isWhole: true).fit
        == .centerCrop(fraction: 1))
    #expect(
      try Preprocessing.squeezeNetCaffe.resized(width: 64, height: 128, isWhole: true).fit
        == .resizeBoth(width: 64, height: 128))
  }

  @Test func allElseStays() throws {
    let before = Preprocessing.imageNet(224)
    #expect(try before.resized(width: 224, height: 224) == before)
    let after = try before.resized(width: 64, height: 48)
    #expect((after.width, after.height) == (64, 48))
    #expect((after.mean, after.deviation) == (before.mean, before.deviation))
    #expect((after.filter, after.channels) == (before.filter, before.channels))
  }

  @Test func noSideIsRefused() {
    for side in [0, -1, 8193, Int.max] {
      #expect(throws: ImageError.self) { try Preprocessing.imageNet(224).resized(width: side, height: 64) }
    }
  }
}
