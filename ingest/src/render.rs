//! A page of a PDF as a picture, for pages whose text is a picture or cannot be decoded.

#[cfg(test)]
pub(crate) mod tests;

use crate::Limits;
use crate::fault::Fault;
use hayro::hayro_interpret::InterpreterSettings;
use hayro::hayro_syntax::page::Page;
use hayro::hayro_syntax::{DecryptionError, LoadPdfError, Pdf};
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{PixmapSettings, RenderCache, RenderSettings};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

/// What recognisers are trained on; scans seldom hold more.
const DOTS_PER_INCH: f32 = 300.0;

/// Points of a PDF's measures.
const POINTS_PER_INCH: f32 = 72.0;

/// Pixels of a page; a larger one (A3 at full resolution has 17 million) is drawn with fewer dots an inch.
const PIXELS: f32 = 20e6;

/// Pixels of a side; beyond it recognisers refuse.
const SIDE: f32 = 30_000.0;

const MILLIMETRES_PER_INCH: f32 = 25.4;

/// A PDF whose pages can be drawn.
pub(crate) struct Drawing {
    pdf: Pdf,
}

impl Drawing {
    /// Opens a PDF, an encrypted one with the password (empty where none is needed).
    pub(crate) fn open(bytes: &[u8], password: &str) -> Result<Self, Fault> {
        let data = Arc::new(bytes.to_vec());
        let opened = safely(|| Pdf::new_with_password(data, password))?;
        opened.map(|pdf| Self { pdf }).map_err(|error| match error {
            LoadPdfError::Decryption(DecryptionError::PasswordProtected) => Fault::Encrypted,
            LoadPdfError::Decryption(error) => {
                Fault::Pdf(format!("it is encrypted in a way that is not known: {error:?}"))
            }
            LoadPdfError::Invalid => Fault::Pdf("its pages cannot be found to be drawn".into()),
        })
    }

    /// How many pages there are.
    pub(crate) fn pages(&self) -> usize {
        self.pdf.pages().len()
    }

    /// A page, counted from 0, as a grey PNG that knows its resolution, upright as the PDF says.
    pub(crate) fn page(&self, index: usize, limits: &Limits) -> Result<Vec<u8>, Fault> {
        let page = self.pdf.pages().get(index).filter(|_| index < limits.pages);
        let page = page.ok_or_else(|| no_drawing(index, "it is not there"))?;
        safely(|| {
            let instructions = page.page_stream().map_or(0, <[u8]>::len);
            match instructions > limits.stream_bytes {
                true => Err(no_drawing(index, "its drawing instructions are too long")),
                false => draw(page, index),
            }
        })?
    }
}

fn draw(page: &Page<'_>, index: usize) -> Result<Vec<u8>, Fault> {
    let (width, height) = page.render_dimensions();
    let scale = scale(width, height).ok_or_else(|| no_drawing(index, "it has no size"))?;
    // One cache a page: a document's would grow with it.
    let picture = hayro::render(
        page,
        &RenderCache::new(),
        &InterpreterSettings::default(),
        &RenderSettings::default(),
        &PixmapSettings { x_scale: scale, y_scale: scale, bg_color: WHITE },
    );
    let grey: Vec<u8> = picture
        .data()
        .iter()
        .map(|pixel| {
            let [red, green, blue] = [pixel.r, pixel.g, pixel.b].map(u32::from);
            // The weights of ITU-R BT.601, in parts of 256.
            ((77 * red + 150 * green + 29 * blue) >> 8) as u8
        })
        .collect();
    png(&grey, picture.width(), picture.height(), scale)
        .map_err(|error| no_drawing(index, &error.to_string()))
}

/// Pixels for each point, so that a page has neither none nor too many; nothing for a page without a size.
fn scale(width: f32, height: f32) -> Option<f32> {
    let (width, height) = (width.abs(), height.abs());
    let most = (PIXELS / (width * height)).sqrt().min(SIDE / width.max(height));
    let scale = most.min(DOTS_PER_INCH / POINTS_PER_INCH);
    let has_pixels = width * scale >= 1.0 && height * scale >= 1.0;
    (scale.is_finite() && has_pixels).then_some(scale)
}

fn png(grey: &[u8], width: u16, height: u16, scale: f32) -> Result<Vec<u8>, png::EncodingError> {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, width.into(), height.into());
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_compression(png::Compression::Fast);
    let a_metre = (scale * POINTS_PER_INCH / MILLIMETRES_PER_INCH * 1000.0).round() as u32;
    encoder.set_pixel_dims(Some(png::PixelDimensions {
        xppu: a_metre,
        yppu: a_metre,
        unit: png::Unit::Meter,
    }));
    let mut writer = encoder.write_header()?;
    writer.write_image_data(grey)?;
    writer.finish()?;
    Ok(file)
}

/// One page that the renderer does not survive is one page that is not read.
fn safely<T>(work: impl FnOnce() -> T) -> Result<T, Fault> {
    catch_unwind(AssertUnwindSafe(work))
        .map_err(|_| Fault::Pdf("the renderer stopped at a place it did not foresee".into()))
}

fn no_drawing(index: usize, why: &str) -> Fault {
    Fault::Pdf(format!("page {} cannot be drawn: {why}", index.saturating_add(1)))
}
