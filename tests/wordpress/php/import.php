<?php
// Bring the posts of an export file (WXR) in, with WordPress's own functions; its importer is a
// plug-in, and not part of Debian's package. Menus and comments stay out.

function forum_import(string $path): array
{
    $channel = simplexml_load_file('compress.zlib://' . $path, null, LIBXML_NOCDATA)->channel;
    $sticky = [];
    $numbers = [];
    foreach ($channel->item as $item) {
        $its = $item->children('wp', true);
        if ((string) $its->post_type === 'nav_menu_item') {
            continue;
        }
        $number = forum_succeeded(wp_insert_post(wp_slash(forum_post_of($item, $its)), true));
        foreach ($its->postmeta as $meta) {
            add_post_meta($number, (string) $meta->meta_key, wp_slash(maybe_unserialize((string) $meta->meta_value)));
        }
        foreach (forum_terms_of($item) as $taxonomy => $names) {
            forum_succeeded(wp_set_object_terms($number, forum_term_ids($names, $taxonomy), $taxonomy));
        }
        if ((string) $its->is_sticky === '1') {
            $sticky[] = $number;
        }
        $numbers[] = $number;
    }
    update_option('sticky_posts', $sticky);
    return $numbers;
}

/** Return a post as wp_insert_post takes it. */
function forum_post_of(SimpleXMLElement $item, SimpleXMLElement $its): array
{
    $post = [
        'import_id' => (int) $its->post_id,
        'post_title' => (string) $item->title,
        'post_content' => (string) $item->children('content', true)->encoded,
        'post_excerpt' => (string) $item->children('excerpt', true)->encoded,
        'post_name' => (string) $its->post_name,
        'post_type' => (string) $its->post_type,
        'post_status' => (string) $its->status,
        'post_parent' => (int) $its->post_parent,
        'post_password' => (string) $its->post_password,
        'post_date' => (string) $its->post_date,
        'post_date_gmt' => (string) $its->post_date_gmt,
        'menu_order' => (int) $its->menu_order,
    ];
    return (string) $its->attachment_url === '' ? $post : $post + ['guid' => (string) $its->attachment_url];
}

/** Return the names of an item's terms by taxonomy, of those taxonomies that the site has. */
function forum_terms_of(SimpleXMLElement $item): array
{
    $found = [];
    foreach ($item->category as $term) {
        $taxonomy = (string) $term['domain'];
        if (taxonomy_exists($taxonomy)) {
            $found[$taxonomy][] = (string) $term;
        }
    }
    return $found;
}
