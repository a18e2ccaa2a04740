import Testing
import VisionSystem
import VisionTestSupport
import VisionImage

@testable import VisionData

@Suite struct PictureSurveyTests {
  private func survey(_ sides: [Int], grey: Bool) throws -> PictureSurvey {
    let folder = try PictureFolder()
    for (number, side) in sides.enumerated() {
      let image = try Image(width: side, height: side + 2) { pixels in
        for index in pixels.indices { pixels[index] = UInt8(grey ? index / 3 % 200 : index % 200) }
      }
      try folder.write(image.pngData(), to: "a/\(number).png")
    }
    try folder.write([1], to: "a/bad.png")
    return try PictureSurvey(try ImageFolder(folder.path, validation: 0).training)
  }

  @Test func smallPicturesAreTakenWhole() throws {
    let digits = try survey([28, 28, 30], grey: true)
    #expect(digits.width == 28 && digits.height == 30 && digits.areGrey)
    let grey = digits.preprocessing()
    #expect(grey.width == 28 && grey.height == 30 && grey.channels == .grey && grey.fit == .squash)
    #expect(digits.content(labels: ["shirt", "shoe"]) == .symbols)
    let color = try survey([32, 32], grey: false)
    #expect(color.preprocessing(size: 48).width == 48 && color.preprocessing().channels == .rgb)
    #expect(color.content(labels: ["cat", "dog"]) == .things)
  }

  @Test func largePicturesAreImageNets() throws {
    let photos = try survey([200, 240, 300], grey: false)
    #expect(photos.preprocessing() == .imageNet(224))
    #expect(photos.preprocessing(size: 96) == .imageNet(96))
    #expect(photos.preprocessing(size: 32).fit == .squash)
  }

  @Test func nothingToLookAtIsAnError() throws {
    let folder = try PictureFolder()
    try folder.write([1], to: "a/bad.png")
    let pictures = try ImageFolder(folder.path, validation: 0).training
    #expect(throws: DatasetError.self) { try PictureSurvey(pictures) }
  }
}
