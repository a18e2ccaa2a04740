import Foundation
import Testing
import VisionImage

@testable import VisionData

/// Images that EXIF turns, and boxes in the one or the other frame.
@Suite struct AnnotationFrameTests {
  /// A table of one box at the left top, 2 × 1 pixels, in an image of 30 × 20 stored pixels.
  private func table(_ orientation: Orientation, size: (Int, Int)?) throws -> AnnotationFolder {
    let folder = try AnnotationFolder()
    try folder.addImage("a.jpg", 30, 20, orientation: orientation)
    try folder.write(
      "image,label,x,y,width,height,image_width,image_height\na.jpg,dog,0,0,2,1,"
        + (size.map { "\($0.0),\($0.1)" } ?? ",") + "\n", to: "boxes.csv")
    return folder
  }

  /// Where the two stored pixels at the left top come to lie, by the definition of each orientation in EXIF.
  private static let turned: [(Orientation, Box)] = [
    (.mirroredHorizontally, Box(x: 28, y: 0, width: 2, height: 1)),
    (.rotated180, Box(x: 28, y: 19, width: 2, height: 1)),
    (.mirroredVertically, Box(x: 0, y: 19, width: 2, height: 1)),
    (.transposed, Box(x: 0, y: 0, width: 1, height: 2)),
    (.rotated90Clockwise, Box(x: 19, y: 0, width: 1, height: 2)),
    (.transversed, Box(x: 19, y: 28, width: 1, height: 2)),
    (.rotated90Counterclockwise, Box(x: 0, y: 28, width: 1, height: 2)),
  ]

  @Test func boxesInStoredPixelsAreTurnedWithThem() throws {
    for (orientation, box) in Self.turned {
      let set = try table(orientation, size: nil).read(frame: .stored)
      #expect(set.images[0].objects.map(\.box) == [box], "\(orientation)")
      #expect(set.images[0].width == (orientation.swapsSides ? 20 : 30))
    }
  }

  /// The map agrees with the pixels: a dot is where it says.
  @Test func theMapIsThatOfThePixels() throws {
    for orientation in Orientation.allCases {
      let folder = try AnnotationFolder()
      var pixels = [UInt8](repeating: 0, count: 40 * 24 * 3)
      for y in 8..<16 { for x in 24..<32 { for c in 0..<3 { pixels[(y * 40 + x) * 3 + c] = 255 } } }
      let plain = try Image(width: 40, height: 24, pixels: pixels).jpegData()
      try folder.addImage("a.jpg", 40, 24, orientation: orientation)
      // The image's own bytes after the segment with the orientation.
      let exif = [UInt8](try Data(contentsOf: URL(fileURLWithPath: folder.file("a.jpg"))))
      let segment = Array(exif[2..<4 + Int(exif[5])])
      try folder.folder.write(Array(plain[..<2]) + segment + Array(plain[2...]), to: "a.jpg")
      let image = try Image(contentsOf: folder.file("a.jpg"))
      let (x, y) = orientation.map(width: 40, height: 24)(x: 28, y: 12)
      let bright = image.withUnsafePixels { pixels in
        (0..<image.width * image.height).filter { pixels[$0 * 3] > 128 }
      }
      let mean = (
        bright.reduce(0.0) { $0 + Double($1 % image.width) + 0.5 } / Double(bright.count),
        bright.reduce(0.0) { $0 + Double($1 / image.width) + 0.5 } / Double(bright.count)
      )
      #expect(abs(mean.0 - x) < 0.5 && abs(mean.1 - y) < 0.5, "\(orientation): \(mean) \((x, y))")
    }
  }

  @Test func theStatedSizeTellsTheFrame() throws {
    let stored = try table(.rotated90Clockwise, size: (30, 20)).read()
    #expect(stored.images[0].objects.map(\.box) == [Box(x: 19, y: 0, width: 1, height: 2)])
    #expect(stored.count(.storedFrame) == 1)
    let upright = try table(.rotated90Clockwise, size: (20, 30)).read()
    #expect(upright.images[0].objects.map(\.box) == [Box(x: 0, y: 0, width: 2, height: 1)])
    #expect(upright.count(.uprightFrame) == 1)
    let silent = try table(.rotated90Clockwise, size: nil).read()
    #expect(silent.images[0].objects.map(\.box) == [Box(x: 0, y: 0, width: 2, height: 1)])
    #expect(silent.count(.assumedFrame) == 1)
    #expect(try table(.rotated90Clockwise, size: (21, 30)).failure()?.kind == .noImages)
    #expect(try table(.upright, size: (20, 30)).failure()?.kind == .noImages)
  }

  @Test func imagesThatTellDecideForThoseThatDoNot() throws {
    let folder = try AnnotationFolder()
    try folder.addImage("a.jpg", 30, 20, orientation: .rotated90Clockwise)
    try folder.addImage("b.jpg", 30, 20, orientation: .rotated180)
    let head = "image,label,x,y,width,height,image_width,image_height\n"
    let turned = "b.jpg,dog,0,0,2,1,30,20\n"
    try folder.write(head + "a.jpg,dog,0,0,2,1,30,20\n" + turned, to: "boxes.csv")
    #expect(try folder.read().boxes("b.jpg") == ["dog 28.0 19.0 2.0 1.0"])
    try folder.write(head + "a.jpg,dog,0,0,2,1,20,30\n" + turned, to: "boxes.csv")
    #expect(try folder.read().boxes("b.jpg") == ["dog 0.0 0.0 2.0 1.0"])
  }

  @Test func partsOfSidesAreThoseOfTheFrame() throws {
    let folder = try AnnotationFolder()
    try folder.addImage("images/a.jpg", 30, 20, orientation: .rotated90Clockwise)
    try folder.write("names: [dog]\n", to: "data.yaml")
    try folder.write("0 0.05 0.05 0.1 0.1\n", to: "labels/a.txt")
    #expect(try folder.read().boxes("images/a.jpg") == ["dog 0.0 0.0 2.0 3.0"])
    #expect(try folder.read(frame: .stored).boxes("images/a.jpg") == ["dog 18.0 0.0 2.0 3.0"])
  }
}
