import Foundation
import Testing

@testable import VisionNetCLI

@Suite struct StandardInputTests {
  private static let newline = UInt8(ascii: "\n")

  private func kind(_ bytes: [UInt8], _ separator: UInt8 = newline) -> StandardInput.Kind {
    StandardInput.kind(bytes, separator: separator)
  }

  @Test func imagesAreToldByTheirBeginning() {
    let images: [[UInt8]] = [
      [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a], [0xff, 0xd8, 0xff, 0xe0, 0, 16], Array("GIF89a".utf8),
      Array("RIFF\u{4}\0\0\0WEBPVP8 ".utf8), Array("BM\u{46}\0\0\0\0\0\0\0\u{36}\0\0\0".utf8),
      Array("II*\0".utf8),
      Array("MM\0*".utf8), [0, 0, 0, 0x18] + Array("ftypheic".utf8),
    ]
    for image in images {
      #expect(kind(image) == .image && kind(image, 0) == .image)
    }
  }

  @Test func namesThatBeginLikeSignaturesArePaths() {
    for name in [
      "BMW/1.png\n", "BM.bmp\n", "RIFF.wav\n", "GIF8.gif\n", "II.png\n", "MM\n", "Ä ö/ü.jpg\n", "", "\n",
    ] {
      #expect(kind(Array(name.utf8)) == .paths, "\(name)")
    }
    // Names in other encodings than UTF-8 are names.
    #expect(kind([0x66, 0xe4, 0x72, 0x0a]) == .paths)
  }

  @Test func whatIsNeitherIsRefused() {
    for bytes: [UInt8] in [
      [0x1f, 0x8b, 8, 0, 0, 0], Array("PK\u{3}\u{4}".utf8), Array("%PDF-1.4\n\0\u{1}".utf8), [0],
      [0x61, 0x7f],
    ] {
      #expect(kind(bytes) == .neither)
    }
    #expect(kind(Array("a.png\0b.png\0".utf8)) == .neither)
    #expect(kind(Array("a.png\0b\n.png\0".utf8), 0) == .paths)
  }

  @Test func aFirstPathIsNotWaitedOn() {
    for text in ["a", "photos/", "B.", "RIG", "/"] {
      #expect(StandardInput.isEnough(Array(text.utf8)), "\(text)")
    }
    for bytes: [UInt8] in [[], [0x89], [0xff, 0xd8], Array("RIFF".utf8), Array("B".utf8), [0, 0]] {
      #expect(!StandardInput.isEnough(bytes))
    }
    #expect(StandardInput.isEnough([UInt8](repeating: 0, count: 16)))
  }
}

/// Images and paths on standard input, by the command itself.
@Suite(.enabled(if: Tool.isBuilt, "visionnet is not built beside the tests"))
struct StandardInputCommandTests {
  let colors: ColorFolder

  init() throws { colors = try ColorFolder() }

  private func shell(_ script: String) throws -> Tool.Result {
    try Tool.shell(
      "cd \"$FOLDER\" || exit 1\n" + script, environment: ["FOLDER": colors.folder.path])
  }

  @Test func anImageOnStandardInputIsClassified() throws {
    let result = try shell("\"$VISIONNET\" classify --offline -m ./model.onnx -k1 - < red.png")
    #expect(result.status == 0, "\(result.messages)")
    #expect(result.output.hasPrefix("-  red 0.9"))
    // From a pipe that comes in pieces, beside files.
    let pieces = try shell(
      """
      (head -c 1 blue.jpg; sleep 0.1; tail -c +2 blue.jpg) | \
      "$VISIONNET" classify --offline -m ./model.onnx --format jsonl green.png -
      """)
    #expect(pieces.status == 0 && pieces.lines.count == 2, "\(pieces.messages)")
    #expect(pieces.lines.last?.contains("\"path\": \"-\", \"width\": 12") == true)
    #expect(pieces.lines.last?.contains("blue, dark") == true)
  }

  @Test func whatIsNoImageIsOneMessage() throws {
    let archive = try shell(
      "head -c 100000 model.onnx > x; cat x x | \"$VISIONNET\" classify --offline -m ./model.onnx -")
    #expect(archive.status == 65)
    #expect(archive.messages.split(separator: "\n").count == 1)
    #expect(archive.messages.contains("standard input: is neither an image nor a list of paths"))
    let late = try shell(
      "(echo red.png; printf 'x\\000y\\nz\\n') | \"$VISIONNET\" classify --offline -m ./model.onnx -")
    #expect(late.status == 65 && late.messages.contains("neither"), "\(late.messages)")
    let cut = try shell("head -c 60 red.png | \"$VISIONNET\" classify --offline -m ./model.onnx -")
    #expect(cut.status == 65 && cut.messages.contains("-: "), "\(cut.messages)")
  }

  @Test func pathsMayEndWithZeroBytes() throws {
    let result = try shell(
      """
      mkdir set; cp red.png "set/a
      b.png"; cp green.png set/c.png
      find set -name '*.png' -print0 | sort -z | "$VISIONNET" classify --offline -m ./model.onnx -k1 -0 -
      """)
    #expect(result.status == 0, "\(result.messages)")
    #expect(result.lines.map { $0.split(separator: "  ")[0] } == ["set/a\\nb.png", "set/c.png"])
    let long = try shell(
      "printf 'red.png\\000' | \"$VISIONNET\" classify --offline -m ./model.onnx -k1 --null -")
    #expect(long.output.hasPrefix("red.png  red"))
    #expect(try shell("\"$VISIONNET\" classify --offline -m ./model.onnx -0 red.png").status == 64)
  }

  @Test func otherCommandsReadTheImageToo() throws {
    let result = try shell(
      """
      set -e
      "$VISIONNET" inspect - < blue.jpg
      "$VISIONNET" convert - out.png < blue.jpg
      "$VISIONNET" preprocess - -m ./model.onnx -o seen.png < red.png
      "$VISIONNET" preprocess - --preprocessing steps.json -o seen.png < red.png 2>/dev/null || true
      ls out.png seen.png
      """)
    #expect(result.status == 0, "\(result.messages)")
    #expect(result.output.contains("JPEG") && result.output.contains("12 × 9"))
    #expect(result.lines.suffix(2) == ["out.png", "seen.png"])
    #expect(try shell("\"$VISIONNET\" inspect - < model.onnx").status == 65)
  }
}
