import Foundation
import Testing

@testable import VisionImage

@Suite struct ImageFileTests {
  @Test func pngWritingLosesNothing() throws {
    let image = try Fixture.noise(61, 43)
    #expect(try Image(encoded: image.pngData()) == image)
  }

  @Test func jpegWritingKeepsASmoothImageClose() throws {
    let image = try Image(contentsOf: Fixture.images + "/rgb444.jpg")
    let fine = try image.jpegData(quality: 98)
    let coarse = try image.jpegData(quality: 20)
    #expect(coarse.count < fine.count)
    let again = try Image(encoded: fine)
    let difference = zip(image.pixels, again.pixels).reduce(0) { $0 + abs(Int($1.0) - Int($1.1)) }
    #expect(Double(difference) / Double(image.pixels.count) < 6)
    #expect(Fixture.kind { _ = try image.jpegData(quality: 0) } == .invalidArgument)
    #expect(Fixture.kind { _ = try image.jpegData(quality: 101) } == .invalidArgument)
  }

  @Test func aJPEGCannotBeWiderThanItsHeaderHolds() throws {
    let strip = try Image(width: 65501, height: 1) { $0.update(repeating: 0) }
    #expect(Fixture.kind { _ = try strip.jpegData() } == .tooLarge)
    #expect(try Image(encoded: strip.pngData()).width == 65501)
  }

  @Test func theExtensionChoosesTheFormatAndTheContentIsRead() throws {
    let image = try Fixture.noise(9, 5)
    try Fixture.withFolder { folder in
      try image.write(to: folder + "/a.png")
      try image.write(to: folder + "/b.JPEG", quality: 75)
      #expect(try ImageInfo(contentsOf: folder + "/a.png").format == .png)
      #expect(try ImageInfo(contentsOf: folder + "/b.JPEG").format == .jpeg)
      try FileManager.default.moveItem(atPath: folder + "/a.png", toPath: folder + "/a.jpg")
      #expect(try Image(contentsOf: folder + "/a.jpg") == image)
      // Written over, whole, and no temporary file stays.
      try Fixture.noise(3, 3).write(to: folder + "/b.JPEG")
      #expect(try Image(contentsOf: folder + "/b.JPEG").width == 3)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == ["a.jpg", "b.JPEG"])
    }
  }

  @Test func whatCannotBeWrittenIsNamed() throws {
    let image = try Fixture.noise(3, 3)
    try Fixture.withFolder { folder in
      #expect(Fixture.kind { try image.write(to: folder + "/a.gif") } == .unsupported)
      #expect(Fixture.kind { try image.write(to: folder + "/none/a.png") } == .unwritable)
      try FileManager.default.createDirectory(
        atPath: folder + "/d.png", withIntermediateDirectories: false)
      #expect(Fixture.kind { try image.write(to: folder + "/d.png") } == .isDirectory)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["d.png"])
    }
  }

  @Test func whatCannotBeReadIsNamed() throws {
    try Fixture.withFolder { folder in
      #expect(Fixture.kind { _ = try Image(contentsOf: folder + "/none.png") } == .missing)
      #expect(Fixture.kind { _ = try Image(contentsOf: folder) } == .isDirectory)
      try Data().write(to: URL(fileURLWithPath: folder + "/empty.png"))
      #expect(Fixture.kind { _ = try Image(contentsOf: folder + "/empty.png") } == .empty)
      #expect(Fixture.kind { _ = try Image(contentsOf: folder + "/empty.png/x") } == .missing)
      #expect(Fixture.kind { _ = try Image(contentsOf: "a\0b") } == .missing)
    }
  }

  @Test(.enabled(if: getuid() != 0, "root may read everything"))
  func aFileWithoutPermissionIsUnreadable() throws {
    try Fixture.withFolder { folder in
      let path = folder + "/secret.png"
      try Fixture.noise(2, 2).write(to: path)
      try FileManager.default.setAttributes([.posixPermissions: 0], ofItemAtPath: path)
      #expect(Fixture.kind { _ = try Image(contentsOf: path) } == .unreadable)
    }
  }

  @Test func pixelsAreChecked() throws {
    #expect(Fixture.kind { _ = try Image(width: 2, height: 2, pixels: [1, 2, 3]) } == .invalidArgument)
    #expect(Fixture.kind { _ = try Image(width: 0, height: 2, pixels: []) } == .invalidArgument)
    #expect(Fixture.kind { _ = try Image(width: -1, height: -3, pixels: []) } == .invalidArgument)
    #expect(
      Fixture.kind { _ = try Image(width: .max, height: .max, pixels: []) } == .invalidArgument)
    let image = try Image(width: 2, height: 1, pixels: [1, 2, 3, 4, 5, 6])
    #expect(try image.cropped(x: 1, y: 0, width: 1, height: 1).pixels == [4, 5, 6])
    #expect(Fixture.kind { _ = try image.cropped(x: 1, y: 0, width: 2, height: 1) } == .invalidArgument)
  }
}
