import Testing
import VisionData
import VisionImage
import VisionTasks

@Suite struct BoxTruthTests {
  private let source = (width: 200, height: 100)

  private func placed(_ objects: [BoxTruth.Object], _ map: AffineMap) -> [BoxTruth.Object] {
    BoxTruth(objects).placed(by: InputGeometry(map: map, source: source, input: (100, 100))).objects
  }

  /// Letterbox of 200 × 100 into 100 × 100: half the size, 25 rows above.
  @Test func boxesAreScaledAndMoved() {
    let object = BoxTruth.Object(
      box: Box(x: 20, y: 10, width: 60, height: 40), index: 3, area: 1000)
    let found = placed([object], AffineMap(a: 0.5, d: 0.5, ty: 25))
    #expect(found == [BoxTruth.Object(box: Box(x: 10, y: 30, width: 30, height: 20), index: 3, area: 250)])
  }

  @Test func aTurnedBoxBecomesItsUprightHull() {
    // By 90 degrees to the right: (x, y) → (100 − y, x).
    let object = BoxTruth.Object(box: Box(x: 20, y: 10, width: 60, height: 40), index: 0)
    let found = placed([object], AffineMap(a: 0, b: -1, tx: 100, c: 1, d: 0))
    #expect(found.map(\.box) == [Box(x: 50, y: 20, width: 40, height: 60)])
    // By 45 degrees, a square of side 10 has a hull of side 10·√2.
    let half = 0.5.squareRoot()
    let square = BoxTruth.Object(box: Box(x: 50, y: 0, width: 10, height: 10), index: 0)
    let turned = placed([square], AffineMap(a: half, b: -half, c: half, d: half))
    #expect(abs(turned[0].box.width - 200.0.squareRoot()) < 1e-12)
    #expect(abs(turned[0].box.height - 200.0.squareRoot()) < 1e-12)
  }

  @Test func aMirroredBoxHasItsLeftSideOnTheLeft() {
    let object = BoxTruth.Object(box: Box(x: 10, y: 20, width: 30, height: 5), index: 1)
    #expect(
      placed([object], AffineMap(a: -1, tx: 100)).map(\.box) == [Box(x: 60, y: 20, width: 30, height: 5)])
  }

  @Test func whatIsCutOffIsClippedIgnoredOrDropped() {
    func box(_ x: Double, _ width: Double) -> BoxTruth.Object {
      BoxTruth.Object(box: Box(x: x, y: 0, width: width, height: 20), index: 0)
    }
    // A fifth, exactly a tenth, and a twentieth of the area are inside.
    let found = placed([box(80, 100), box(90, 100), box(95, 100), box(99.5, 3), box(120, 20)], .identity)
    #expect(found.map(\.box.x) == [80, 90, 95])
    #expect(found.map(\.box.width) == [20, 10, 5])
    #expect(found.map(\.isIgnored) == [false, false, true])
  }

  @Test func aBoxOfLessThanAPixelIsDroppedThoughItIsInside() {
    let small = BoxTruth.Object(box: Box(x: 10, y: 10, width: 1.9, height: 50), index: 0)
    let large = BoxTruth.Object(box: Box(x: 10, y: 10, width: 2, height: 50), index: 0)
    #expect(placed([small, large], AffineMap(a: 0.5, d: 0.5)).map(\.box.width) == [1])
  }

  @Test func marksDecideWhatIsIgnored() {
    let box = Box(x: 0, y: 0, width: 10, height: 10)
    func object(_ marks: ObjectMarks) -> BoxTruth.Object {
      BoxTruth.Object(AnnotatedObject(label: 2, box: box, marks: marks, statedArea: 40))
    }
    #expect(object([]) == BoxTruth.Object(box: box, index: 2, area: 40))
    #expect(object(.difficult).isIgnored && !object(.difficult).isCrowd)
    #expect(object(.crowd).isIgnored && object(.crowd).isCrowd)
    #expect(!object([.truncated, .occluded]).isIgnored)
    #expect(object(.crowd).trueBox.isCrowd && !object(.crowd).trueBox.isIgnored)
    #expect(object(.difficult).trueBox.isIgnored)
    #expect(object([]).trueBox.area == 40)
  }
}
