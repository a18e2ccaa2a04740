import Testing
import VisionSystem
import VisionTestSupport
import VisionImage

@testable import VisionData

@Suite struct ImageSurveyTests {
  private func survey(_ sides: [Int], gray: Bool) throws -> ImageSurvey {
    let folder = try SampleFolder()
    for (number, side) in sides.enumerated() {
      let image = try Image(width: side, height: side + 2) { pixels in
        for index in pixels.indices { pixels[index] = UInt8(gray ? index / 3 % 200 : index % 200) }
      }
      try folder.write(image.pngData(), to: "a/\(number).png")
    }
    try folder.write([1], to: "a/bad.png")
    return try ImageSurvey(try ImageFolder(folder.path, validation: 0).training)
  }

  @Test func smallImagesAreTakenWhole() throws {
    let digits = try survey([28, 28, 30], gray: true)
    #expect(digits.width == 28 && digits.height == 30 && digits.areGray)
    let gray = digits.preprocessing()
    #expect(gray.width == 28 && gray.height == 30 && gray.channels == .gray && gray.fit == .squash)
    #expect(digits.content(labels: ["shirt", "shoe"]) == .symbols)
    let color = try survey([32, 32], gray: false)
    #expect(color.preprocessing(size: 48).width == 48 && color.preprocessing().channels == .rgb)
    #expect(color.content(labels: ["cat", "dog"]) == .things)
  }

  @Test func largeImagesAreImageNets() throws {
    let photos = try survey([200, 240, 300], gray: false)
    #expect(photos.preprocessing() == .imageNet(224))
    #expect(photos.preprocessing(size: 96) == .imageNet(96))
    #expect(photos.preprocessing(size: 32).fit == .squash)
  }

  @Test func nothingToLookAtIsAnError() throws {
    let folder = try SampleFolder()
    try folder.write([1], to: "a/bad.png")
    let images = try ImageFolder(folder.path, validation: 0).training
    #expect(throws: DatasetError.self) { try ImageSurvey(images) }
  }
}
