from PIL import Image, ImageDraw, ImageFont

TEXT = "Illustration"


def add_label(image: Image.Image) -> Image.Image:
    """In the lower right corner, so that nobody takes a drawing for a photograph."""
    size = max(16, image.height // 40)
    font = ImageFont.load_default(size)
    layer = Image.new("RGBA", image.size)
    pen = ImageDraw.Draw(layer)
    left, top, right, bottom = pen.textbbox((0, 0), TEXT, font=font)
    x, y = image.width - (right - left) - 2 * size, image.height - (bottom - top) - 2 * size
    box = (x - size // 2, y - size // 3, x + (right - left) + size // 2, y + (bottom - top) + size // 3)
    pen.rounded_rectangle(box, radius=size // 3, fill=(255, 255, 255, 205))
    pen.text((x - left, y - top), TEXT, font=font, fill=(40, 44, 48, 255))
    return Image.alpha_composite(image.convert("RGBA"), layer).convert("RGB")
