import Testing

@testable import VisionImage

@Suite struct AffineMapTests {
  private static let turn = AffineMap(a: 0, b: -1, tx: 10, c: 1, d: 0, ty: 3)

  @Test func mapsFollowOneAnother() {
    let map = Self.turn.then(AffineMap(a: 2, tx: 1, d: 3, ty: -1))
    // (4, 5) → (5, 7) → (11, 20)
    #expect(Self.turn(x: 4, y: 5) == (5, 7))
    #expect(map(x: 4, y: 5) == (11, 20))
    #expect(AffineMap.identity.then(map) == map && map.then(.identity) == map)
  }

  @Test func theInverseLeadsBack() {
    let map = AffineMap(a: 1.5, b: 0.25, tx: -7, c: -0.5, d: 2, ty: 11)
    for (x, y) in [(0.0, 0.0), (12.5, -3), (1000, 777)] {
      let there = map(x: x, y: y)
      let back = map.inverse(x: there.x, y: there.y)
      #expect(abs(back.x - x) < 1e-9 && abs(back.y - y) < 1e-9)
    }
    #expect(abs(map.inverse.determinant * map.determinant - 1) < 1e-12)
  }

  @Test func onlyFlipsMirror() {
    let flip = AffineMap(a: -1, tx: 8)
    #expect(flip.isMirrored && flip.then(Self.turn).isMirrored && flip.inverse == flip)
    #expect(!Self.turn.isMirrored && !flip.then(flip).isMirrored && !AffineMap.identity.isMirrored)
  }
}
