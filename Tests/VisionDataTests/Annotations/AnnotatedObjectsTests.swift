import Testing
import VisionImage

@testable import VisionData

@Suite struct AnnotatedObjectsTests {
  private func placed(_ object: AnnotatedObject, _ map: AffineMap, _ size: (Int, Int) = (100, 50))
    -> AnnotatedObject?
  {
    AnnotatedObjects([object]).placed(
      by: InputGeometry(map: map, source: (100, 50), input: (width: size.0, height: size.1))
    ).objects.first
  }

  @Test func boxesMoveWithThePixels() {
    let object = AnnotatedObject(label: 3, box: Box(x: 10, y: 20, width: 30, height: 10), marks: .difficult)
    let scaled = placed(object, AffineMap(a: 2, tx: 5, d: 0.5, ty: -1), (200, 50))
    #expect(
      scaled == AnnotatedObject(label: 3, box: Box(x: 25, y: 9, width: 60, height: 5), marks: .difficult))
    let flipped = placed(object, AffineMap(a: -1, tx: 100))
    #expect(flipped?.box == Box(x: 60, y: 20, width: 30, height: 10))
    let clipped = placed(object, AffineMap(tx: -25))
    #expect(clipped?.box == Box(x: 0, y: 20, width: 15, height: 10))
    #expect(placed(object, AffineMap(tx: -40)) == nil && placed(object, AffineMap(ty: 30)) == nil)
  }

  @Test func aTurnedPolygonHasATighterBoxThanItsBox() {
    let corners = [ImagePoint(x: 10, y: 10), ImagePoint(x: 30, y: 10), ImagePoint(x: 10, y: 30)]
    var object = AnnotatedObject(label: 0, box: Box(x: 10, y: 10, width: 20, height: 20))
    let turn = AffineMap(a: 0.5, b: 0.5, c: -0.5, d: 0.5, ty: 25)
    #expect(placed(object, turn)?.box == Box(x: 10, y: 15, width: 20, height: 20))
    object.outline = .polygons([corners])
    #expect(placed(object, turn)?.box == Box(x: 10, y: 15, width: 10, height: 20))
  }

  @Test func areasGrowWithTheImage() {
    var object = AnnotatedObject(label: 0, box: Box(x: 0, y: 0, width: 10, height: 10), statedArea: 30)
    object.outline = RunLengthMask(width: 100, height: 50, counts: [5000]).map { .mask($0) }
    let moved = placed(object, AffineMap(a: 2, d: 3), (200, 150))
    #expect(moved?.statedArea == 180 && moved?.outline == nil)
  }
}
